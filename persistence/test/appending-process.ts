import { setTimeout as delay } from 'node:timers/promises'
import { openLevelDocumentLog } from '../level-document-log.ts'
import type { DocumentLog } from '../document-log.ts'
import { PersistenceError } from '../persistence-error.ts'

// A process to be killed: appends to several documents of the folder given as its first argument, compacts now and then,
// and prints a line `document sequence word` for each append that was acknowledged. Snapshots are JSON: words by number.
// With a second argument `again`, it prints a line `failed code` for what storage fails to do, and tries again.

const [folder = '', onFailure = ''] = process.argv.slice(2)
const log = await openLevelDocumentLog(folder)
await Promise.all(Array.from({ length: 4 }, (_, i) => writeForever(log, `document ${i}`)))

async function writeForever(onto: DocumentLog, documentName: string): Promise<never> {
  for (let count = 1; ; count++) {
    const word = `${process.pid}-${count}-${'x'.repeat(Math.floor(Math.random() * 2000))}`
    const update = { author: 'alice', update: Buffer.from(word) }
    const sequence = await persistently(() => onto.append(documentName, [update]))
    process.stdout.write(`${documentName}\t${sequence}\t${word}\n`)
    if (count % 40 === 0) await persistently(() => compact(onto, documentName))
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

function parseWords(snapshot: Uint8Array): Record<string, unknown> {
  const words: unknown = JSON.parse(Buffer.from(snapshot).toString())
  return { ...(typeof words === 'object' ? words : null) }
}
