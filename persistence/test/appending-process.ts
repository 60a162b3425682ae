import { setTimeout as delay } from 'node:timers/promises'
import { openLevelDocumentLog } from '../level-document-log.ts'
import type { DocumentLog } from '../document-log.ts'
import type { HistoryLog } from '../history.ts'
import { PersistenceError } from '../persistence-error.ts'

// A process to be killed: appends to several documents of the folder given as its first argument, compacts and trims their
// history now and then, and prints a line `document sequence word` for each append that was acknowledged. Snapshots and bases are JSON: words by number.
// With a second argument `again`, it prints a line `failed code` for what storage fails to do, and tries again.

const [folder = '', onFailure = ''] = process.argv.slice(2)
const log = await openLevelDocumentLog(folder)
await Promise.all(Array.from({ length: 4 }, (_, i) => writeForever(log, `document ${i}`)))

async function writeForever(onto: DocumentLog & HistoryLog, documentName: string): Promise<never> {
  for (let count = 1; ; count++) {
    const word = `${process.pid}-${count}-${'x'.repeat(Math.floor(Math.random() * 2000))}`
    const update = { author: 'alice', update: Buffer.from(word) }
    const sequence = await persistently(() => onto.append(documentName, [update]))
    process.stdout.write(`${documentName}\t${sequence}\t${word}\n`)
    if (count % 40 === 0) await persistently(() => compact(onto, documentName))
    if (count % 100 === 0) await persistently(() => trim(onto, documentName))
  }
}

async function persistently<T>(action: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await action()
    } catch (error) {
      if (onFailure !== 'again' || !(error instanceof PersistenceError)) throw error
      process.stdout.write(`failed\t${error.code}\n`)
      await delay(10)
    }
  }
}

async function compact(onto: DocumentLog, documentName: string): Promise<void> {
  const { snapshot, entries, lastSequence } = await onto.load(documentName)
  const words: Record<string, unknown> = snapshot === null ? {} : parseWords(snapshot.update)
  const keep = entries.slice(-1).map(({ sequence }) => sequence)
  for (const { sequence, update } of entries.slice(0, -1)) words[sequence] = Buffer.from(update).toString()
  await onto.compact(documentName, {
    snapshot: Buffer.from(JSON.stringify(words)),
    through: lastSequence,
    keep,
  })
}

/** Lets the older half of a document's history go into its base. */
async function trim(onto: HistoryLog, documentName: string): Promise<void> {
  const segments = await onto.historySegments(documentName)
  let through = segments[Math.floor(segments.length / 2)]?.last ?? 0
  for (const { first, last } of segments) if (first <= through) through = Math.max(through, last)
  if (through === 0) return
  const { base, kept, entries } = await onto.history(documentName)
  const words: Record<string, unknown> = base === null ? {} : parseWords(base.update)
  for await (const { sequence, update } of entries()) {
    if (sequence > through) break
    if (!kept.includes(sequence)) words[sequence] = Buffer.from(update).toString()
  }
  const without = kept.filter((sequence) => sequence <= through)
  const update = Buffer.from(JSON.stringify(words))
  await onto.trimHistory(documentName, {
    through,
    base: { through, without, time: null, update, attribution: update },
  })
}

function parseWords(snapshot: Uint8Array): Record<string, unknown> {
  const words: unknown = JSON.parse(Buffer.from(snapshot).toString())
  return { ...(typeof words === 'object' ? words : null) }
}
