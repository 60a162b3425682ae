import { equalityDeep } from 'lib0/function'
import { Fragment, Mark, type Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { wholeCharacters } from '../../document/text-form/whole-characters.ts'
import { attributeOfMark, marksOfAttributes } from './mark-attributes.ts'
import { textDiff } from './text-diff.ts'
import { deltaOf, type XmlReader } from './xml-reader.ts'

/** A node that is not text, or adjacent text nodes. */
type NodeRun = Node | readonly Node[]
/** An element, or adjacent texts, which are one text to the writer: people who begin a paragraph at once make one each. */
type XmlRun = Y.XmlElement | Y.XmlText[]

/**
 * Makes a shared document hold what an editor's document holds, in y-prosemirror's form, by changing what differs from
 * what was read or written last. Attributes, also a schema's defaults, are written only where the writer changed them.
 */
export class XmlWriter {
  readonly #fragment: Y.XmlFragment
  readonly #reader: XmlReader

  constructor(fragment: Y.XmlFragment, reader: XmlReader) {
    this.#fragment = fragment
    this.#reader = reader
  }

  /** To be called within a transaction. */
  write(doc: Node): void {
    this.#writeChildren(this.#fragment, doc)
  }

  #writeElement(element: Y.XmlElement, node: Node): void {
    const before = this.#reader.nodeOf(element)
    for (const [name, value] of Object.entries(node.attrs)) {
      if (!equalityDeep(before?.attrs[name], value)) setAttribute(element, node, name, value)
    }
    if (before === undefined || !before.content.eq(node.content)) this.#writeChildren(element, node)
    // To be read anew: the form has no place for some of what a node can have, such as marks on an image.
    this.#reader.forgetElement(element)
  }

  #writeChildren(parent: Y.XmlFragment, node: Node): void {
    const have = xmlRuns(parent)
    const want = nodeRuns(node)
    const middle = this.#trim(have, want)
    if (want.slice(middle.wantFrom, middle.wantTo).every((run) => isTextNodes(run))) {
      this.#writeOnlyText(parent, have, middle, textOf(want[middle.wantFrom], middle))
      return
    }
    this.#writeMiddle(parent, have, want, middle)
  }

  /** What is left when equal runs at both ends are taken off, and empty texts, which stand for nothing. */
  #trim(have: readonly XmlRun[], want: readonly NodeRun[]): Middle {
    const middle: Middle = { haveFrom: 0, haveTo: have.length, wantFrom: 0, wantTo: want.length }
    for (;;) {
      const ours = at(have, middle.haveFrom, middle.haveTo)
      const theirs = at(want, middle.wantFrom, middle.wantTo)
      if (ours === undefined || theirs === undefined) break
      const step = this.#compare(ours, theirs)
      if (step === 'different') break
      middle.haveFrom++
      if (step === 'equal') middle.wantFrom++
    }
    for (;;) {
      const ours = at(have, middle.haveTo - 1, middle.haveTo, middle.haveFrom)
      const theirs = at(want, middle.wantTo - 1, middle.wantTo, middle.wantFrom)
      if (ours === undefined || theirs === undefined) break
      const step = this.#compare(ours, theirs)
      if (step === 'different') break
      middle.haveTo--
      if (step === 'equal') middle.wantTo--
    }
    return middle
  }

  #compare(have: XmlRun, want: NodeRun): 'equal' | 'nothing' | 'different' {
    if (have instanceof Y.XmlElement) {
      if (isTextNodes(want)) return 'different'
      const known = this.#reader.nodeOf(have)
      if (known === undefined || !known.eq(want)) return 'different'
      this.#reader.remember(have, want)
      return 'equal'
    }
    if (!isTextNodes(want)) return isEmpty(have) ? 'nothing' : 'different'
    return this.#sameText(have, want) ? 'equal' : 'different'
  }

  #sameText(texts: readonly Y.XmlText[], nodes: readonly Node[]): boolean {
    const pieces = texts.flatMap((text) => this.#reader.readText(text))
    return Fragment.fromArray(pieces).eq(Fragment.fromArray([...nodes]))
  }

  /** Elements between texts go, and the texts stay what they are: one run. */
  #writeOnlyText(
    parent: Y.XmlFragment,
    have: readonly XmlRun[],
    middle: Middle,
    want: readonly Node[],
  ): void {
    let texts: Y.XmlText[] = []
    for (let i = middle.haveTo - 1; i >= middle.haveFrom; i--) {
      const run = have[i]
      if (run instanceof Y.XmlElement) parent.delete(indexOf(have, i), 1)
      else if (run !== undefined) texts = [...run, ...texts]
    }
    const neighbour = have[middle.haveFrom - 1] ?? have[middle.haveTo]
    if (texts.length === 0 && want.length > 0 && Array.isArray(neighbour) && isEmpty(neighbour))
      texts = neighbour
    if (texts.length > 0) this.#writeText(texts, want)
    else if (want.length > 0) parent.insert(indexOf(have, middle.haveFrom), [createText(want)])
  }

  #writeMiddle(parent: Y.XmlFragment, have: XmlRun[], want: readonly NodeRun[], middle: Middle): void {
    for (;;) {
      const ours = at(have, middle.haveFrom, middle.haveTo)
      const theirs = at(want, middle.wantFrom, middle.wantTo)
      if (ours === undefined || theirs === undefined) break
      if (this.#prefersRight(have, want, middle)) {
        this.#update(have[--middle.haveTo], want[--middle.wantTo])
      } else if (matches(ours, theirs)) {
        this.#update(ours, theirs)
        middle.haveFrom++
        middle.wantFrom++
      } else if (Array.isArray(ours)) {
        this.#writeText(ours, [])
        middle.haveFrom++
      } else {
        have[middle.haveFrom] = this.#replace(parent, indexOf(have, middle.haveFrom), theirs)
        middle.haveFrom++
        middle.wantFrom++
      }
    }
    this.#remove(parent, have, middle.haveFrom, middle.haveTo)
    this.#insert(parent, indexOf(have, middle.haveFrom), want.slice(middle.wantFrom, middle.wantTo))
  }

  #replace(parent: Y.XmlFragment, index: number, want: NodeRun): XmlRun {
    parent.delete(index, 1)
    const created = this.#create(want)
    parent.insert(index, [created])
    return created instanceof Y.XmlText ? [created] : created
  }

  /** Whether the last of what is had became the last of what is wanted, rather than the first the first. */
  #prefersRight(have: readonly XmlRun[], want: readonly NodeRun[], middle: Middle): boolean {
    const [first, last] = [have[middle.haveFrom], have[middle.haveTo - 1]]
    const [firstWanted, lastWanted] = [want[middle.wantFrom], want[middle.wantTo - 1]]
    if (first === undefined || last === undefined || firstWanted === undefined || lastWanted === undefined) {
      return false
    }
    if (!matches(last, lastWanted)) return false
    if (!matches(first, firstWanted)) return true
    return this.#likeness(last, lastWanted) > this.#likeness(first, firstWanted)
  }

  /** How much of what was there is unchanged, in tokens. */
  #likeness(have: XmlRun, want: NodeRun): number {
    if (Array.isArray(have) || isTextNodes(want)) return 0
    const known = this.#reader.nodeOf(have)
    if (known === undefined) return 0
    const start = known.content.findDiffStart(want.content)
    const end = known.content.findDiffEnd(want.content)
    const { size } = known.content
    return start === null || end === null ? size : Math.min(size, start + (size - end.a))
  }

  #update(have: XmlRun | undefined, want: NodeRun | undefined): void {
    if (have instanceof Y.XmlElement && want !== undefined && !isTextNodes(want))
      this.#writeElement(have, want)
    else if (Array.isArray(have) && isTextNodes(want)) this.#writeText(have, want)
  }

  #remove(parent: Y.XmlFragment, have: readonly XmlRun[], from: number, to: number): void {
    for (let i = to - 1; i >= from; i--) {
      const run = have[i]
      if (run instanceof Y.XmlElement) parent.delete(indexOf(have, i), 1)
      // Its characters only: what somebody else is typing into it stays.
      else if (run !== undefined) this.#writeText(run, [])
    }
  }

  #insert(parent: Y.XmlFragment, index: number, runs: readonly NodeRun[]): void {
    if (runs.length === 0) return
    parent.insert(
      index,
      runs.map((run) => this.#create(run)),
    )
  }

  #create(run: NodeRun): Y.XmlElement | Y.XmlText {
    if (isTextNodes(run)) return createText(run)
    const element = new Y.XmlElement(run.type.name)
    for (const [name, value] of Object.entries(run.attrs)) {
      if (value !== null || defaultOf(run, name) !== null) setAttribute(element, run, name, value)
    }
    element.insert(
      0,
      nodeRuns(run).map((child) => this.#create(child)),
    )
    return element
  }

  #writeText(texts: readonly Y.XmlText[], wanted: readonly Node[]): void {
    const nodes = wholeCharacters(wanted)
    const before = texts.map((text) => contentOf(this.#reader.readText(text))).join('')
    const changes = textDiff(before, contentOf(nodes))
    let moved = 0
    for (const { index, remove, insert } of changes) {
      // Those before it are done: here the text is the new one already.
      const place = index + moved
      if (remove > 0) removeText(texts, place, remove)
      if (insert !== '') insertText(texts, place, piecesBetween(nodes, place, place + insert.length))
      moved += insert.length - remove
    }
    this.#writeMarks(texts, nodes)
  }

  /** Compares marks as marks: y-prosemirror takes two for equal that differ only in their type (its issue 197). */
  #writeMarks(texts: readonly Y.XmlText[], nodes: readonly Node[]): void {
    let start = 0
    for (const text of texts) {
      let offset = 0
      for (const { insert, attributes } of deltaOf(text)) {
        for (const piece of piecesBetween(nodes, start + offset, start + offset + insert.length)) {
          const length = piece.text?.length ?? 0
          const have = marksOfAttributes(attributes, piece.type.schema)
          if (!Mark.sameSet(have, piece.marks)) {
            text.format(offset, length, attributeChanges(attributes, piece.marks))
          }
          offset += length
        }
      }
      start += offset
    }
  }
}

/** Indices of what is still to be matched: from inclusive, to exclusive. */
interface Middle {
  haveFrom: number
  haveTo: number
  wantFrom: number
  wantTo: number
}

function at<T>(list: readonly T[], index: number, end: number, start = 0): T | undefined {
  return index >= start && index < end ? list[index] : undefined
}

function textOf(run: NodeRun | undefined, middle: Middle): readonly Node[] {
  return middle.wantFrom < middle.wantTo && isTextNodes(run) ? run : []
}

function isTextNodes(run: NodeRun | undefined): run is readonly Node[] {
  return Array.isArray(run)
}

function isEmpty(texts: readonly Y.XmlText[]): boolean {
  return texts.every((text) => text.length === 0)
}

function matches(have: XmlRun, want: NodeRun): boolean {
  if (isTextNodes(want)) return Array.isArray(have)
  return have instanceof Y.XmlElement && have.nodeName === want.type.name
}

function nodeRuns(node: Node): NodeRun[] {
  const runs: (Node | Node[])[] = []
  for (const child of node.children) {
    const last = runs.at(-1)
    if (!child.isText) runs.push(child)
    else if (Array.isArray(last)) last.push(child)
    else runs.push([child])
  }
  return runs
}

function xmlRuns(parent: Y.XmlFragment): XmlRun[] {
  const runs: XmlRun[] = []
  for (const child of parent.toArray()) {
    const last = runs.at(-1)
    if (child instanceof Y.XmlElement) runs.push(child)
    else if (!(child instanceof Y.XmlText))
      throw new RangeError('It holds something that is neither an element nor text')
    else if (Array.isArray(last)) last.push(child)
    else runs.push([child])
  }
  return runs
}

/** The index among the parent's children of a run's first. */
function indexOf(runs: readonly XmlRun[], run: number): number {
  return runs.slice(0, run).reduce((sum, before) => sum + (Array.isArray(before) ? before.length : 1), 0)
}

function contentOf(nodes: readonly Node[]): string {
  return nodes.map((node) => node.text ?? '').join('')
}

function defaultOf(node: Node, attribute: string): unknown {
  return node.type.spec.attrs?.[attribute]?.default
}

/** In y-prosemirror's form, null is an attribute's absence; unless absence would be read as something else. */
function setAttribute(element: Y.XmlElement, node: Node, name: string, value: unknown): void {
  if (value === null && defaultOf(node, name) === null) element.removeAttribute(name)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as text only; it keeps any JSON value
  else element.setAttribute(name, value as string)
}

function attributesOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(marks.map((mark) => [attributeOfMark(mark), mark.attrs]))
}

function attributeChanges(
  attributes: Readonly<Record<string, unknown>>,
  marks: readonly Mark[],
): Record<string, unknown> {
  const changes = attributesOf(marks)
  for (const [name, value] of Object.entries(attributes)) {
    if (!(name in changes)) changes[name] = null
    else if (equalityDeep(changes[name], value)) delete changes[name]
  }
  return changes
}

function createText(nodes: readonly Node[]): Y.XmlText {
  const text = new Y.XmlText()
  text.applyDelta(
    wholeCharacters(nodes).map((node) => ({ insert: node.text ?? '', attributes: attributesOf(node.marks) })),
  )
  return text
}

/** The text nodes, cut to a range of their text. */
function piecesBetween(nodes: readonly Node[], from: number, to: number): Node[] {
  const pieces: Node[] = []
  let start = 0
  for (const node of nodes) {
    const end = start + node.nodeSize
    if (start < to && end > from) pieces.push(node.cut(Math.max(0, from - start), Math.min(to, end) - start))
    start = end
  }
  return pieces
}

function removeText(texts: readonly Y.XmlText[], index: number, length: number): void {
  let end = texts.reduce((sum, text) => sum + text.length, 0)
  for (const text of texts.toReversed()) {
    const start = end - text.length
    const from = Math.max(start, index)
    const to = Math.min(end, index + length)
    if (from < to) text.delete(from - start, to - from)
    end = start
  }
}

function insertText(texts: readonly Y.XmlText[], index: number, pieces: readonly Node[]): void {
  let start = 0
  for (const [i, text] of texts.entries()) {
    const end = start + text.length
    if (index <= end || i === texts.length - 1) {
      let offset = index - start
      for (const piece of pieces) {
        text.insert(offset, piece.text ?? '', attributesOf(piece.marks))
        offset += piece.nodeSize
      }
      return
    }
    start = end
  }
}
