import { ProtocolError } from '../../protocol/index.ts'
import * as Y from 'yjs'

/** The clocks up to which (exclusively) each client's structs are spoken of. */
type Clocks = ReadonlyMap<number, number>

/** What an update is about, read from its bytes alone. */
export interface UpdateContents {
  /** The structs that it brings end here. */
  readonly structs: Clocks
  /** It is wholly integrated once the document has each client's structs up to here: its own, and those that it deletes. */
  readonly needs: Clocks
  readonly deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>
}

/** Decodes an update as strictly as Yjs can; throws a `ProtocolError` if it is none. */
export function readUpdateContents(update: Uint8Array): UpdateContents {
  let decoded: ReturnType<typeof Y.decodeUpdate>
  try {
    decoded = Y.decodeUpdate(update)
  } catch (cause) {
    throw new ProtocolError('malformed', 'an update cannot be decoded', { cause })
  }
  const structs = new Map<number, number>()
  for (const struct of decoded.structs) {
    if (struct instanceof Y.Skip) continue
    raise(structs, struct.id.client, struct.id.clock + struct.length)
  }
  const needs = new Map(structs)
  for (const [client, ranges] of decoded.ds.clients) {
    for (const range of ranges) raise(needs, client, range.clock + range.len)
  }
  return { structs, needs, deletes: decoded.ds.clients }
}

function raise(clocks: Map<number, number>, client: number, clock: number): void {
  if (clock > (clocks.get(client) ?? 0)) clocks.set(client, clock)
}

/** Whether everything that the update brings and deletes has its place in the document, rather than waiting for what it depends on. */
export function isIntegrated(contents: UpdateContents, doc: Y.Doc): boolean {
  for (const [client, clock] of contents.needs) {
    if (Y.getState(doc.store, client) < clock) return false
  }
  return true
}

/** Whether the update would change the document now or later. An up-to-date client's sync step 2 would not, and is not empty either. */
export function isNews(contents: UpdateContents, doc: Y.Doc): boolean {
  if (!isIntegrated(contents, doc)) return true
  for (const [client, ranges] of contents.deletes) {
    const structs = doc.store.clients.get(client)
    if (structs === undefined) continue
    for (const range of ranges) {
      const end = range.clock + range.len
      for (let i = Y.findIndexSS(structs, range.clock); i < structs.length; i++) {
        const struct = structs[i]
        if (struct === undefined || struct.id.clock >= end) break
        if (!struct.deleted) return true
      }
    }
  }
  return false
}
