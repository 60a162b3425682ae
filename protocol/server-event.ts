/** What a server tells of its own accord (PROTOCOL.md, "event"). */
export type ServerEvent =
  /** Whether what is taken comes to disk: `failing` from the first failure on, `working` when everything is saved again. */
  | { readonly type: 'storage'; readonly status: 'failing' | 'working' }
  /** One that this version does not know, to be ignored. */
  | { readonly type: 'unknown' }

/** Reads an event out of parsed JSON; whatever is not known, or not known to be of this form, is `unknown`. */
export function parseServerEvent(value: unknown): ServerEvent {
  if (typeof value !== 'object' || value === null || !('type' in value)) return { type: 'unknown' }
  if (value.type === 'storage' && 'status' in value) {
    const { status } = value
    if (status === 'failing' || status === 'working') return { type: 'storage', status }
  }
  return { type: 'unknown' }
}
