import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import { LiveDocument, type StoredUpdate } from '../sync/live-document.ts'
import { readUpdateContents, type UpdateContents } from '../sync/update-contents.ts'

const NOTHING = Uint8Array.of(0)

/** Real updates of one client's writing, the material of what follows. */
const real = (() => {
  const doc = new Y.Doc()
  doc.clientID = 1
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('text')
  const tree = doc.getXmlFragment('prosemirror')
  for (let i = 0; i < 12; i++) {
    text.insert(i % (text.length + 1), `t${i}`)
    if (i % 3 === 0) text.delete(0, 1)
    if (i % 4 === 0) text.format(0, 2, { bold: true })
    const paragraph = new Y.XmlElement('paragraph')
    tree.insert(i % (tree.length + 1), [paragraph])
    paragraph.setAttribute('style', `heading${i}`)
    paragraph.insert(0, [new Y.XmlText(`p${i}`)])
  }
  return [...updates, Y.encodeStateAsUpdate(doc)]
})()

const asStored = (updates: readonly Uint8Array[]): StoredUpdate[] =>
  updates.map((update) => ({ update, contents: readUpdateContents(update) }))

const INNOCENT = 900

/** What somebody else writes who has some updates. */
function writtenOn(known: readonly Uint8Array[]): Uint8Array[] {
  const doc = new Y.Doc()
  for (const update of known) Y.applyUpdate(doc, update)
  doc.clientID = INNOCENT
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('text')
  const tree = doc.getXmlFragment('prosemirror')
  text.insert(Math.floor(text.length / 2), 'innocent')
  if (text.length > 10) text.delete(0, 2)
  tree.insert(tree.length, [new Y.XmlElement('paragraph')])
  return updates
}

const mutant = fc
  .record({
    of: fc.nat(real.length - 1),
    at: fc.array(fc.record({ index: fc.nat(), byte: fc.oneof(fc.nat(12), fc.nat(255)) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ of, at }) => {
    const update = Uint8Array.from(real[of] ?? [])
    for (const { index, byte } of at) update[index % update.length] = byte
    return update
  })

function read(update: Uint8Array): UpdateContents | null {
  try {
    return readUpdateContents(update)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

test(
  'whatever is made of a real update harms neither the document nor who writes after it',
  { timeout: 120_000 },
  () => {
    const mallory = { name: 'Mallory' }
    const alice = { name: 'Alice' }
    fc.assert(
      fc.property(mutant, fc.nat(real.length - 1), (update, known) => {
        const contents = read(update)
        fc.pre(contents !== null)
        const before = real.slice(0, known)
        const document = new LiveDocument(asStored(before))
        const { outcomes } = document.apply([{ update, contents, source: mallory }])
        expect(() => document.diff(NOTHING)).not.toThrow()

        // What is kept can be loaded again, and gives the same.
        const stored = outcomes[0] === 'news' ? [...before, update] : before
        const again = new LiveDocument(asStored(stored), { onPoison: (index) => expect(index).toBe(-1) })
        expect(again.stateVector()).toEqual(document.stateVector())

        // Somebody else goes on from what was there before; under a client id that the mutant did not forge.
        fc.pre(!contents.structs.has(INNOCENT))
        const innocent = writtenOn(before).map((each) => ({
          update: each,
          contents: readUpdateContents(each),
          source: alice,
        }))
        expect(document.apply(innocent).outcomes).not.toContain('poison')
      }),
      { numRuns: Number(process.env['CODRAFT_MUTANTS'] ?? 2_000) },
    )
  },
)
