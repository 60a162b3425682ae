import type { UpdateContents } from './update-contents.ts'

/** Up to where each client's structs are there, by client id. */
export type Clocks = ReadonlyMap<number, number>

/** Whether everything that an update brings and deletes is there; null stands for a document that lacks nothing. */
export function isCovered(contents: UpdateContents, clocks: Clocks | null): boolean {
  if (clocks === null) return true
  for (const [client, clock] of contents.needs) if ((clocks.get(client) ?? 0) < clock) return false
  return true
}
