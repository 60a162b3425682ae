import type { KeyRange } from './keys.ts'

/** One change of a batch. */
export type RowChange =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

/** A key and its value. */
export type Row = readonly [key: Uint8Array, value: Uint8Array]

/**
 * What the document log needs below it: sorted rows with atomic, synced batches. All methods reject with a
 * `PersistenceError`: `damaged` if stored bytes cannot be read, `io` otherwise, `closed` after `close`.
 */
export interface KeyValueStore {
  /**
   * All rows of the range in the order of their keys, as they were at the moment of the call. With `maxBytes`, no further
   * ones once the values have reached that size: it may be passed by the last.
   */
  rows(range: KeyRange, limit?: { readonly maxBytes: number }): Promise<Row[]>
  /** The keys of all rows of the range, in order, as they were at the moment of the call. */
  keys(range: KeyRange): Promise<Uint8Array[]>
  /** The first key of the range, or null if it is empty. */
  firstKey(range: KeyRange): Promise<Uint8Array | null>
  /**
   * Makes all changes or none, and resolves once they are synced to disk. Once it has rejected, they may or may not be
   * on disk, and only a store opened anew can be written to.
   */
  write(changes: readonly RowChange[]): Promise<void>
  /** Rewrites everything, so that what was deleted takes no space any more. */
  compact(): Promise<void>
  /** Waits for what is under way and lets go of the files. May be called twice. */
  close(): Promise<void>
}

/**
 * Opens a store in a folder. Without `create` an absent store is damage, and nothing is made in its place.
 * Rejects with a `PersistenceError`: `locked`, `damaged` or `io`.
 */
export type OpenKeyValueStore = (
  folder: string,
  options: { readonly create: boolean },
) => Promise<KeyValueStore>
