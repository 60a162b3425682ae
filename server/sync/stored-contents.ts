import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import type { ClockRange } from './clock-ranges.ts'
import type { StoredUpdate } from './live-document.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

/**
 * Reads an update of the log. What an earlier version took is read as Yjs reads it, though it would be refused now: it was
 * acknowledged. Null if nothing can read it.
 */
export function readStored(update: Uint8Array): StoredUpdate | null {
  try {
    return { update, contents: readUpdateContents(update) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const contents = readLeniently(update)
    return contents === null ? null : { update, contents }
  }
}

function readLeniently(update: Uint8Array): UpdateContents | null {
  let decoded: ReturnType<typeof Y.decodeUpdate>
  try {
    decoded = Y.decodeUpdate(update)
  } catch {
    return null
  }
  const structs = new Map<number, ClockRange[]>()
  const deletes = new Map<number, ClockRange[]>()
  const needs = new Map<number, number>()
  const add = (to: Map<number, ClockRange[]>, client: number, start: number, length: number): void => {
    const end = start + length
    const ranges = to.get(client)
    if (ranges === undefined) to.set(client, [{ start, end }])
    else ranges.push({ start, end })
    needs.set(client, Math.max(needs.get(client) ?? 0, end))
  }
  for (const struct of decoded.structs) {
    if (!(struct instanceof Y.Skip)) add(structs, struct.id.client, struct.id.clock, struct.length)
  }
  for (const [client, ranges] of decoded.ds.clients) {
    for (const { clock, len } of ranges) add(deletes, client, clock, len)
  }
  return { structs, deletes, needs, dependencies: new Map() }
}
