import assert from 'node:assert/strict'
import type { Node } from 'prosemirror-model'
import { findTable } from 'prosemirror-tables'
import * as Y from 'yjs'
import { NETWORK } from './peers.ts'
import type { Writer } from './writer.ts'

/**
 * What an act may do with the text that is there:
 *
 * - `keep`: none of it is deleted, nor written anew. That is nearly everything: styles, marks, joins and splits touch no
 *   character.
 * - `replace`: what is selected may go, and what is on the clipboard may come.
 * - `paste`: the same; in a table, what is in its cells may go, or be written anew in another.
 * - `delete`: as `replace`; with nothing selected, the one character beside the caret may go.
 * - `move`: it may be deleted and written anew, but is all there afterwards.
 * - `undo`: what one wrote may go, and what one deleted may come back.
 * - `remove`: what is in the blocks of the document that the selection touches may go, or be written anew: what a merged cell
 *   has from a row that is deleted, where the rest of the cell is.
 */
export type Licence = 'keep' | 'replace' | 'paste' | 'delete' | 'move' | 'undo' | 'remove'

/** Private characters, of which none is in anything but what is typed. */
const FIRST = 0xe000
const isToken = (character: string): boolean => character >= '\ue000' && character <= '\uf8ff'

/** What local transactions of somebody did to tokens. */
interface Touch {
  readonly deleted: { readonly token: string; readonly creator: number }[]
  readonly written: string[]
}

/** What the law knows of a writer. */
interface Record {
  touch: Touch
  /** All that this writer has deleted, and undo may bring back. */
  readonly deleted: Set<string>
}

/**
 * Sees to it that every typed token exists exactly once unless somebody deleted it or what held it. A token is a character
 * that is typed once.
 *
 * Each act touches no tokens but those that it may. And when all have everything, a token that one person touched since
 * the last time is there as often as that person left it; one that nobody touched as often as before, which is once.
 * There are two exceptions: tokens that several people touched, which can be doubled (both take back that they deleted it;
 * two moves) or be gone; and those whose table, row or column somebody has deleted.
 */
export class TokenLaw {
  readonly #records = new Map<Writer, Record>()
  readonly #items = new Map<string, Y.ID>()
  /** Who touched each since all were equal. */
  #touchers = new Map<string, Set<Writer>>()
  #counts = new Map<string, number>()
  #next = FIRST

  newToken(): string {
    return String.fromCharCode(this.#next++)
  }

  watch(writer: Writer): void {
    this.#records.set(writer, { touch: { deleted: [], written: [] }, deleted: new Set() })
    writer.doc.on('afterTransaction', (yTransaction: Y.Transaction) => {
      if (yTransaction.origin !== NETWORK) this.#note(writer, yTransaction)
    })
  }

  /** Somebody goes on with the same document in a new editor. */
  replace(old: Writer, writer: Writer): void {
    this.#records.delete(old)
    for (const touchers of this.#touchers.values()) if (touchers.delete(old)) touchers.add(writer)
    this.watch(writer)
  }

  /** Runs what somebody does, and holds it to its licence. */
  judge(writer: Writer, licence: Licence, act: () => void): void {
    const record = this.#recordOf(writer)
    record.touch = { deleted: [], written: [] }
    const before = countsIn(writer.text)
    const deletable = deletableAt(writer, licence)
    const pasted = new Set([...writer.clipboard.values()].flatMap((content) => content.split('')))
    const rewritable = new Set(licence === 'keep' ? [] : pasted)
    if (licence === 'paste' || licence === 'remove') for (const token of deletable) rewritable.add(token)
    const known = new Set(this.#items.keys())
    const [documentBefore, nextBefore] = [writer.state.doc, this.#next]
    act()
    const { deleted, written } = record.touch
    for (const { token } of deleted) record.deleted.add(token)

    // What has no place there, the editor may refuse as a whole.
    const made = writer.state.doc === documentBefore ? 0 : this.#next - nextBefore
    const typed = Array.from({ length: made }, (_, i) => String.fromCharCode(nextBefore + i))
    // It may be there more than once: what is pasted into several cells comes into each.
    const lost = typed.filter((token) => !countsIn(writer.text).has(token))
    assert.deepEqual(lost, [], 'typed')
    const rewritten = written.filter((token) => known.has(token))
    // Paragraphs of a merged cell can be in different texts, of which the second is written anew when they are joined.
    const merged = textInMergedCells(documentBefore)
    const shownNow = countsIn(writer.text)
    const isWrittenAnew = (token: string): boolean => merged.includes(token) && shownNow.has(token)
    const unlawful =
      licence === 'undo'
        ? {
            deleted: deleted.filter(({ creator }) => creator !== writer.doc.clientID),
            rewritten: rewritten.filter((token) => !record.deleted.has(token)),
          }
        : licence === 'move'
          ? { moved: differences(before, countsIn(writer.text)) }
          : {
              // What is not shown, such as what a table has of a row that is gone, goes with what it is in.
              deleted: deleted.filter(
                ({ token }) => before.has(token) && !deletable.has(token) && !isWrittenAnew(token),
              ),
              rewritten: rewritten.filter((token) => !rewritable.has(token) && !isWrittenAnew(token)),
            }
    for (const [what, tokens] of Object.entries(unlawful)) assert.deepEqual(tokens, [], `${licence}: ${what}`)
  }

  /** How often each writer shows each token, before all get everything. */
  shownBy(writers: readonly Writer[]): Map<Writer, Map<string, number>> {
    return new Map(writers.map((writer) => [writer, countsIn(writer.text)]))
  }

  /** All have got everything. */
  settle(writers: readonly Writer[], shownBefore: ReadonlyMap<Writer, ReadonlyMap<string, number>>): void {
    const [first] = writers
    if (first === undefined) return
    const shown = countsIn(first.text)
    const wrong: string[] = []
    for (const [token, id] of this.#items) {
      const touchers = [...(this.#touchers.get(token) ?? [])]
      const [toucher] = touchers
      const count = shown.get(token) ?? 0
      if (touchers.length > 1) continue
      const expected = toucher === undefined ? this.#counts.get(token) : shownBefore.get(toucher)?.get(token)
      if (count === (expected ?? 0) || (count === 0 && isHeldByDeleted(first.doc, id))) continue
      wrong.push(`${token.codePointAt(0)?.toString(16)}: ${count} instead of ${expected ?? 0}`)
    }
    assert.deepEqual(wrong, [])
    this.#counts = shown
    this.#touchers = new Map()
  }

  #recordOf(writer: Writer): Record {
    const record = this.#records.get(writer)
    if (record === undefined) throw new RangeError('The writer is not watched')
    return record
  }

  #note(writer: Writer, yTransaction: Y.Transaction): void {
    const { touch } = this.#recordOf(writer)
    Y.iterateDeletedStructs(yTransaction, yTransaction.deleteSet, (struct) => {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return
      for (const token of struct.content.str.split('').filter(isToken)) {
        touch.deleted.push({ token, creator: struct.id.client })
        this.#touched(token, writer)
      }
    })
    const { store, clientID } = writer.doc
    const begin = yTransaction.beforeState.get(clientID) ?? 0
    const structs = store.clients.get(clientID) ?? []
    if ((yTransaction.afterState.get(clientID) ?? 0) === begin) return
    for (const struct of structs.slice(Y.findIndexSS(structs, begin))) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue
      for (const [i, token] of struct.content.str.split('').entries()) {
        if (!isToken(token)) continue
        touch.written.push(token)
        this.#touched(token, writer)
        this.#items.set(token, Y.createID(clientID, struct.id.clock + i))
      }
    }
  }

  #touched(token: string, writer: Writer): void {
    const touchers = this.#touchers.get(token)
    if (touchers === undefined) this.#touchers.set(token, new Set([writer]))
    else touchers.add(writer)
  }
}

function textInMergedCells(document: Node): string {
  const texts: string[] = []
  document.descendants(({ attrs, textContent }) => {
    if (Number(attrs['colspan'] ?? 1) * Number(attrs['rowspan'] ?? 1) > 1) texts.push(textContent)
  })
  return texts.join('')
}

function countsIn(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text)
    if (isToken(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}

function differences(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((token) => a.get(token) !== b.get(token))
}

/** The text that is selected, or, for whoever deletes with nothing selected, the characters on both sides. */
function deletableAt({ state }: Writer, licence: Licence): Set<string> {
  if (licence === 'keep') return new Set()
  const { doc, selection } = state
  const { from, to, empty } = selection
  if (empty && licence === 'delete') {
    const { size } = doc.content
    return new Set(doc.textBetween(Math.max(0, from - 1), Math.min(size, to + 1), '|'))
  }
  if (licence === 'remove') {
    const blocks = doc.children.slice(selection.$from.index(0), selection.$to.indexAfter(0))
    return new Set(blocks.flatMap(({ textContent }) => textContent.split('')))
  }
  const table = licence === 'paste' ? findTable(selection.$head) : null
  const own = table?.node.textContent.split('') ?? []
  const texts = selection.ranges.map(({ $from, $to }) => doc.textBetween($from.pos, $to.pos, '|'))
  return new Set([...own, ...texts.flatMap((text) => text.split(''))])
}

/**
 * Whether a text's item is in a cell, row or table that is deleted: also one that somebody typed in meanwhile, of which the
 * cell's own text is still there.
 */
function isHeldByDeleted(doc: Y.Doc, id: Y.ID): boolean {
  const structs = doc.store.clients.get(id.client) ?? []
  const struct = structs[Y.findIndexSS(structs, id.clock)]
  // What is collected keeps its place as an item unless what holds it is collected too.
  if (!(struct instanceof Y.Item)) return true
  for (let at: Y.Item | null = struct; at !== null;) {
    const parent: unknown = at.parent
    // oxlint-disable-next-line eslint/no-underscore-dangle -- Yjs has no other way to the item of a type
    at = parent instanceof Y.AbstractType ? parent._item : null
    if (at !== null && (at.deleted || isOfDeletedLine(at))) return true
  }
  return false
}

/** Whether a cell's text is of a row or column that is no longer there. */
function isOfDeletedLine({ parent, parentSub }: Y.Item): boolean {
  const [prefix, row, column] = parentSub?.split(':') ?? []
  if (prefix !== 'cell' || !(parent instanceof Y.Map)) return false
  return !parent.has(`row:${row}`) || !parent.has(`column:${column}`)
}
