import * as Y from 'yjs'
import { openLevelDocumentLog } from '../../../persistence/index.ts'
import type { TestClient } from '../support/test-client.ts'
import { isSame } from './participant.ts'

/** Who was told what. */
interface Told {
  readonly documentName: string
  /** All their connections to the document. */
  readonly connections: readonly TestClient[]
}

/** What a look into a data folder came to. */
export interface Verdict {
  /** In what the folder falls short of what people were told: in nothing, it is to be hoped. */
  readonly broken: readonly string[]
  /** How many entries its documents' histories have, and how many of them were folded. */
  readonly entries: number
  readonly folded: number
}

/** One entry of a history, as far as it concerns anybody here. */
interface Kept {
  readonly sequence: number
  readonly author: string
}

type Log = Awaited<ReturnType<typeof openLevelDocumentLog>>

/**
 * Holds a data folder that no server has open against what people were told of it: every document loads, what was acked is
 * in the document, and in its history under its author and in the order sent, and the history is complete, gives the same
 * document again, and holds nothing twice and nothing that nobody sent. With `mayRepeat`, entries may be there twice: an
 * append that failed may have been stored all the same, and is made again.
 */
export async function judge(
  folder: string,
  people: readonly Told[],
  { mayRepeat = false }: { readonly mayRepeat?: boolean } = {},
): Promise<Verdict> {
  let log: Log
  try {
    log = await openLevelDocumentLog(folder)
  } catch (error) {
    return { broken: [String(error)], entries: 0, folded: 0 }
  }
  const broken: string[] = []
  let entries = 0
  let folded = 0
  for (const documentName of new Set(people.map((person) => person.documentName))) {
    const connections = people
      .filter((person) => person.documentName === documentName)
      .flatMap((person) => person.connections)
    try {
      const found = await judgeDocument(log, documentName, connections, mayRepeat)
      broken.push(...found.broken.map((fault) => `${documentName}: ${fault}`))
      entries += found.entries
      folded += found.folded
    } catch (error) {
      broken.push(String(error))
    }
  }
  await log.close()
  return { broken, entries, folded }
}

async function judgeDocument(
  log: Log,
  documentName: string,
  connections: readonly TestClient[],
  mayRepeat: boolean,
): Promise<Verdict> {
  const { snapshot, entries, lastSequence } = await log.load(documentName)
  const stored = documentOf([...(snapshot === null ? [] : [snapshot]), ...entries])
  const history = await log.history(documentName)
  const broken: string[] = []
  const past: Uint8Array[] = []
  const kept = new Map<string, Kept>()
  for await (const { sequence, author, update } of history.entries()) {
    past.push(update)
    if (sequence !== past.length) broken.push(`entry ${past.length} of the history is number ${sequence}`)
    const key = keyOf(update)
    const first = kept.get(key)
    if (first === undefined) kept.set(key, { sequence, author })
    else if (!mayRepeat) broken.push(`entry ${sequence} is entry ${first.sequence} again`)
  }
  if (history.base !== null) broken.push('the history has lost its beginning')
  if (past.length !== lastSequence) broken.push(`of ${lastSequence} entries the history has ${past.length}`)
  if (!isSame(documentOf(past.map((update) => ({ update }))), stored))
    broken.push('the history gives another document than the one stored')
  broken.push(...brokenPromises(stored, kept, connections))
  return { broken, entries: past.length, folded: history.foldedThrough }
}

function brokenPromises(
  stored: Y.Doc,
  kept: ReadonlyMap<string, Kept>,
  connections: readonly TestClient[],
): string[] {
  const broken: string[] = []
  const sent = new Set<string>()
  const authors = new Map<string, TestClient>()
  for (const client of connections) {
    let last = 0
    for (const [index, { type, update }] of client.documentMessages.entries()) {
      const key = keyOf(update)
      const where = `message ${index + 1} of ${client.doc.clientID}`
      sent.add(key)
      const isAcked = index < client.acked
      if (isAcked && brings(stored, update)) broken.push(`${where} was acked and is missing`)
      const entry = kept.get(key)
      // A sync step 2 may hold what is known already, and a deletion what others deleted before.
      const isNews = type === 'update' && Y.decodeUpdate(update).structs.length > 0
      if (isAcked && isNews && entry === undefined)
        broken.push(`${where} was acked and is not in the history`)
      if (entry === undefined || !isNews) continue
      if (entry.sequence < last) broken.push(`${where} is in the history before what was sent before it`)
      last = entry.sequence
      const owner = authors.get(entry.author) ?? client
      authors.set(entry.author, owner)
      const isTheirs = client.count('hello') === 0 || client.hello.user.id === entry.author
      if (owner !== client || !isTheirs) broken.push(`${where} is in the history under ${entry.author}`)
    }
  }
  for (const [key, { sequence }] of kept)
    if (!sent.has(key)) broken.push(`entry ${sequence} was sent by nobody`)
  return broken
}

/** Whether an update would change a document; it is applied. */
function brings(doc: Y.Doc, update: Uint8Array): boolean {
  let isNews = false
  const onUpdate = (): void => void (isNews = true)
  doc.on('update', onUpdate)
  Y.applyUpdate(doc, update)
  doc.off('update', onUpdate)
  return isNews
}

function documentOf(updates: readonly { readonly update: Uint8Array }[]): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const { update } of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

function keyOf(update: Uint8Array): string {
  return Buffer.from(update).toString('latin1')
}
