import type { DocumentLog, LogUpdate, StoredDocument } from '../document-log.ts'
import type { HistoryLog } from '../history.ts'
import { PersistenceError } from '../persistence-error.ts'

/** The small language of the log's tests: updates are words, and a stored document reads `snapshot|2:b 3:c|3`. */

/** Updates by alice, one for each word. */
export function words(text: string): LogUpdate[] {
  return text.split(' ').map((one) => ({ author: 'alice', update: bytes(one) }))
}

/** A word as bytes. */
export function bytes(text: string): Uint8Array {
  return new Uint8Array(new TextEncoder().encode(text))
}

/** A stored document in one line: snapshot, entries with their sequence numbers, last sequence number. */
export function describeDocument({ snapshot, entries, lastSequence }: StoredDocument): string {
  const start = snapshot === null ? '' : `${word(snapshot.update)}@${snapshot.through}`
  const tail = entries.map(({ sequence, update }) => `${sequence}:${word(update)}`).join(' ')
  return `${start}|${tail}|${lastSequence}`
}

/** The line of what the log loads. */
export async function loaded(log: DocumentLog, documentName: string): Promise<string> {
  return describeDocument(await log.load(documentName))
}

/** The line of a document's history: its base, and the entries behind it. */
export async function remembered(log: HistoryLog, documentName: string): Promise<string> {
  const { base, entries } = await log.history(documentName)
  const start = base === null ? '' : `${word(base.update)}@${base.through}`
  const tail: string[] = []
  for await (const { sequence, update } of entries()) tail.push(`${sequence}:${word(update)}`)
  return `${start}|${tail.join(' ')}`
}

/** All names that the log lists, sorted. */
export async function listedNames(log: DocumentLog): Promise<string[]> {
  const names: string[] = []
  for await (const name of log.documentNames()) names.push(name)
  return names.toSorted()
}

/** How a promise fails: the code of its `PersistenceError`, and the document that it names. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    if (!(error instanceof PersistenceError)) throw error
    return error.documentName === undefined ? error.code : `${error.code}: ${error.documentName}`
  }
}

function word(update: Uint8Array): string {
  return new TextDecoder().decode(update)
}
