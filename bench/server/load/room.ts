import { setTimeout as wait } from 'node:timers/promises'
import * as Y from 'yjs'
import type { Run } from '../run.ts'
import { inParallel } from './in-parallel.ts'
import { readTyping, type ReadNews } from './news.ts'
import { Reader, type OnArrival } from './reader.ts'
import { RoomStream } from './room-stream.ts'
import { Typist } from './typist.ts'
import { until } from './until.ts'

/** So many sockets are being opened at a time, where it does not matter. */
const JOINS_AT_ONCE = 50

/** Someone in a room, who reads and may type. */
interface Member {
  readonly typist: Typist
  readonly reader: Reader
}

/** A room full of people. */
export interface Room {
  readonly documentName: string
  readonly members: readonly Member[]
}

/** How a room is filled. */
export interface RoomOptions {
  readonly size: number
  /** How many of them, the first ones, are going to write. */
  readonly writers: number
  readonly onArrival?: OnArrival
  /** At how many of them, the last ones, `onArrival` is called; at all by default. */
  readonly listeners?: number
  /** How to read what arrives, behind a prefix of so many bytes; what is typed by default. */
  readonly read?: (prefixLength: number) => ReadNews
}

/** Lets people join a document; resolves when nothing is on its way to them any more. */
export async function fillRoom(
  run: Run,
  documentName: string,
  { size, writers, onArrival, listeners = size, read = readTyping }: RoomOptions,
): Promise<Room> {
  const clients = await inParallel(size, JOINS_AT_ONCE, () => run.join(documentName))
  await wait(300)
  const stream = new RoomStream(read(clients[0]?.prefix.length ?? 0))
  const members = clients.map((client, i) => {
    const typist = new Typist(client, run.random.below(2 ** 32))
    // Who writes is often told something about it that others are not.
    const options = {
      onArrival: i >= size - listeners ? (onArrival ?? null) : null,
      follows: i >= writers || writers === size,
    }
    return { typist, reader: new Reader(client, typist.clientID, stream, options) }
  })
  return { documentName, members }
}

/** How many updates or states have arrived at all members together. */
export function arrivedIn({ members }: Room): number {
  return members.reduce((sum, { reader }) => sum + reader.arrived, 0)
}

/** Resolves once everybody has everything that the others typed; throws if somebody does not get it in time. */
export async function everythingArrived({ members }: Room): Promise<void> {
  const total = members.reduce((sum, { typist }) => sum + typist.clock, 0)
  for (const { reader, typist } of members) {
    const expected = total - typist.clock
    await until(
      () => reader.arrived >= expected,
      () => `${reader.arrived} of ${expected} updates arrived in time`,
    )
    if (reader.arrived > expected)
      throw new Error(`${reader.arrived} updates arrived where ${expected} were typed`)
  }
}

/** Throws unless those who kept what arrived have every update once and in order, and whoever joins now has the text. */
export async function verify(run: Run, { documentName, members }: Room): Promise<void> {
  const written = new Map(members.map(({ typist }) => [typist.clientID, typist.clock]))
  for (const { reader } of members.filter(({ reader: { keeps } }) => keeps)) {
    const problem = reader.problem(written)
    if (problem !== null) throw new Error(problem)
  }
  if (!run.contestant.dialect.knowsDocuments) return
  const doc = new Y.Doc()
  const late = await run.join(documentName)
  Y.applyUpdate(doc, late.initial)
  late.close()
  for (const { typist } of members) {
    if (typist.clock > 0 && doc.getText(typist.textName).toJSON() !== typist.typed)
      throw new Error('who joins afterwards gets another text than was typed')
  }
}
