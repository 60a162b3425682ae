/** What a server tells of its own accord (PROTOCOL.md, "event"). */
export type ServerEvent =
  /** Whether what is taken comes to disk: `failing` from the first failure on, `working` when everything is saved again. */
  | { readonly type: 'storage'; readonly status: 'failing' | 'working' }
  /** How large the document is as the server stores it, and may become, in bytes: told when it comes near that. */
  | { readonly type: 'document'; readonly bytes: number; readonly limit: number }
  /** One that this version does not know, to be ignored. */
  | { readonly type: 'unknown' }

/** Reads an event out of parsed JSON; whatever is not known, or not known to be of this form, is `unknown`. */
export function parseServerEvent(value: unknown): ServerEvent {
  if (typeof value !== 'object' || value === null || !('type' in value)) return { type: 'unknown' }
  if (value.type === 'storage' && 'status' in value) {
    const { status } = value
    if (status === 'failing' || status === 'working') return { type: 'storage', status }
  }
  if (value.type === 'document' && 'bytes' in value && 'limit' in value) {
    const { bytes, limit } = value
    if (typeof bytes === 'number' && typeof limit === 'number') return { type: 'document', bytes, limit }
  }
  return { type: 'unknown' }
}
