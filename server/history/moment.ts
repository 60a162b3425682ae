/** A moment of a document's past: after an entry, or after all that were there at a time, in milliseconds since 1970. */
export type Moment = { readonly sequence: number } | { readonly time: number }
