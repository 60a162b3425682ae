import * as Y from 'yjs'
import type { DocumentLog, LogUpdate } from '../../../persistence/index.ts'

/** Several people who write one text, each on a device of their own, and now and then hear of each other. */
export class Writers {
  readonly #docs: ReadonlyMap<string, Y.Doc>
  readonly #sent: LogUpdate[] = []

  constructor(names: readonly string[]) {
    const docs = names.map((name, i): [string, Y.Doc] => {
      const doc = new Y.Doc()
      doc.clientID = 1000 + i
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== 'heard') this.#sent.push({ author: name, update })
      })
      return [name, doc]
    })
    this.#docs = new Map(docs)
  }

  text(name: string): Y.Text {
    return this.#doc(name).getText('text')
  }

  /** One hears of all that another has. */
  hear(name: string, from: string): void {
    Y.applyUpdate(this.#doc(name), Y.encodeStateAsUpdate(this.#doc(from)), 'heard')
  }

  /** One sends everything that they have, as after a time offline, others' writing included. */
  sendAll(name: string): void {
    this.#sent.push({ author: name, update: Y.encodeStateAsUpdate(this.#doc(name)) })
  }

  /** What was sent since the last call, oldest first. */
  takeSent(): LogUpdate[] {
    return this.#sent.splice(0)
  }

  #doc(name: string): Y.Doc {
    const doc = this.#docs.get(name)
    if (doc === undefined) throw new TypeError(`Nobody is called ${name}`)
    return doc
  }
}

/** Three updates: alice's "Hello", bob's " world" behind it, and all of alice's but the last letter deleted by her. */
export function writtenByTwo(): LogUpdate[] {
  const writers = new Writers(['alice', 'bob'])
  writers.text('alice').insert(0, 'Hello')
  writers.hear('bob', 'alice')
  writers.text('bob').insert(5, ' world')
  writers.hear('alice', 'bob')
  writers.text('alice').delete(0, 4)
  return writers.takeSent()
}

/** Folds a document's log as a room does, but for the last `leave` entries; those whose dependencies have not come are kept. */
export async function compact(log: DocumentLog, documentName: string, leave: number): Promise<void> {
  const { snapshot, entries, lastSequence } = await log.load(documentName)
  const through = lastSequence - leave
  if (through < Math.max(1, snapshot?.through ?? 0)) return
  const doc = new Y.Doc()
  if (snapshot !== null) Y.applyUpdate(doc, snapshot.update)
  let left = entries.filter(({ sequence }) => sequence <= through)
  for (let before = -1; before !== left.length;) {
    before = left.length
    left = left.filter(({ update }) => !applyWhole(doc, update))
  }
  const keep = left.map(({ sequence }) => sequence)
  await log.compact(documentName, { snapshot: Y.encodeStateAsUpdate(doc), through, keep })
}

/** Applies an update if all that it depends on is there; says whether. */
function applyWhole(doc: Y.Doc, update: Uint8Array): boolean {
  const trial = new Y.Doc()
  Y.applyUpdate(trial, Y.encodeStateAsUpdate(doc))
  Y.applyUpdate(trial, update)
  if (trial.store.pendingStructs !== null || trial.store.pendingDs !== null) return false
  Y.applyUpdate(doc, update)
  return true
}
