/**
 * How deeply the values in an update may nest. Yjs reads and writes them by recursion, and the stack of a browser's
 * worker may be a tenth of ours: some 5,000 levels are what throws here, when the document is next encoded.
 */
export const MAX_NESTING = 256
