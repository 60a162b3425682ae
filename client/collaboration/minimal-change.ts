import { equalityDeep } from 'lib0/function'
import { Fragment, Mark, Slice, type Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { AddMarkStep, RemoveMarkStep, ReplaceStep } from 'prosemirror-transform'
import { textDiff } from './text-diff.ts'

/** Which of a document's children were replaced by which of another's; those before and behind are the same nodes. */
export interface ChangedChildren {
  readonly from: number
  /** Exclusive, in the one before. */
  readonly beforeEnd: number
  /** Exclusive, in the one after. */
  readonly afterEnd: number
}

/**
 * A transaction from a state to a document that touches little more than what differs, so that selections, decorations
 * and scrolling, which follow steps, stay where they are. It is fast where the two documents share their unchanged nodes,
 * and faster if it is told which ones they are: comparing all takes most of the time in documents of thousands of blocks.
 */
export function changeTo(state: EditorState, target: Node, changed?: ChangedChildren | null): Transaction {
  const { tr } = state
  if (changed) changeChildren(tr, 0, state.doc, target, changed)
  else changeContent(tr, 0, state.doc, target, () => tr.doc)
  if (isSame(tr.doc, target, changed)) return tr
  // A schema can forbid what lies halfway between two documents that it allows.
  return state.tr.step(new ReplaceStep(0, state.doc.content.size, new Slice(target.content, 0, 0)))
}

/** More neighbours that all changed are replaced at once: every step copies the list of its parent's children. */
const MAX_PAIRS = 200

/**
 * From the last to the first, so that positions in the old document hold. `start` is that of the old node's content; `now`
 * is the node as the transaction has it by now.
 */
function changeContent(tr: Transaction, start: number, from: Node, to: Node, now: () => Node | null): void {
  if (from.content.eq(to.content)) return
  if (from.inlineContent && to.inlineContent) changeInline(tr, start, from, to, now)
  else changeChildren(tr, start, from, to, allChildren(from, to))
}

function changeChildren(
  tr: Transaction,
  start: number,
  from: Node,
  to: Node,
  changed: ChangedChildren,
): void {
  for (const gap of gapsBetween(from, to, changed).toReversed()) changeGap(tr, start, from, to, gap)
}

function allChildren(from: Node, to: Node): ChangedChildren {
  return { from: 0, beforeEnd: from.childCount, afterEnd: to.childCount }
}

/** `changed` are the only children that can differ. */
function isSame(doc: Node, target: Node, changed: ChangedChildren | null | undefined): boolean {
  if (!changed) return doc.eq(target)
  if (doc.childCount !== target.childCount) return false
  for (let i = changed.from; i < changed.afterEnd; i++) {
    if (!isEqual(doc.child(i), target.child(i))) return false
  }
  return true
}

function changeGap(tr: Transaction, start: number, from: Node, to: Node, gap: Gap): void {
  const before = from.children.slice(gap.from, gap.fromEnd)
  const after = to.children.slice(gap.to, gap.toEnd)
  const gapStart = start + sizeBefore(from, gap.from)
  const isPaired =
    before.length === after.length &&
    before.length <= MAX_PAIRS &&
    before.every((node, i) => isSameKind(node, after[i]))
  if (!isPaired) {
    const toStart = sizeBefore(to, gap.to)
    replaceDifference(tr, gapStart, toStart, Fragment.fromArray(before), to, Fragment.fromArray(after))
    return
  }
  let end = gapStart + sizeOf(before)
  for (const [i, node] of [...before.entries()].toReversed()) {
    end -= node.nodeSize
    const other = after[i]
    const position = end
    // To find a node by its position goes through all the blocks before it.
    const now = (): Node | null => (start === 0 ? tr.doc.child(gap.from + i) : tr.doc.nodeAt(position))
    if (other !== undefined) changeNode(tr, position, node, other, now)
  }
}

function changeNode(tr: Transaction, position: number, from: Node, to: Node, now: () => Node | null): void {
  for (const [name, value] of Object.entries(to.attrs)) {
    if (!equalityDeep(from.attrs[name], value)) tr.setNodeAttribute(position, name, value)
  }
  changeContent(tr, position + 1, from, to, now)
}

/** First the text, then its marks: each in as many places as differ. */
function changeInline(
  tr: Transaction,
  start: number,
  from: Node,
  to: Node,
  nodeNow: () => Node | null,
): void {
  if (from.children.every(isFlat) && to.children.every(isFlat)) {
    let moved = 0
    const changes = textDiff(textOf(from), textOf(to)).map((change) => {
      const toIndex = change.index + moved
      moved += change.insert.length - change.remove
      return { ...change, toIndex }
    })
    for (const { index, remove, insert, toIndex } of changes.toReversed()) {
      const slice = to.slice(toIndex, toIndex + insert.length)
      tr.step(new ReplaceStep(start + index, start + index + remove, slice))
    }
  }
  const now = nodeNow()
  if (now === null) return
  if (unmarked(now).eq(unmarked(to))) changeMarks(tr, start, now, to)
  else replaceDifference(tr, start, 0, now.content, to, to.content)
}

/** Whether each of its tokens is one character of `textOf`. */
function isFlat(node: Node): boolean {
  return node.isText || node.nodeSize === 1
}

function textOf(node: Node): string {
  return node.textBetween(0, node.content.size, null, '\ufffc')
}

function changeMarks(tr: Transaction, start: number, from: Node, to: Node): void {
  const [before, after] = [segments(from), segments(to)]
  let offset = 0
  while (before[0] !== undefined && after[0] !== undefined) {
    const [old, next] = [before[0], after[0]]
    const end = Math.min(old.end, next.end)
    for (const mark of old.marks) {
      if (!mark.isInSet(next.marks)) tr.step(new RemoveMarkStep(start + offset, start + end, mark))
    }
    for (const mark of next.marks) {
      if (!mark.isInSet(old.marks)) tr.step(new AddMarkStep(start + offset, start + end, mark))
    }
    offset = end
    if (old.end === end) before.shift()
    if (next.end === end) after.shift()
  }
}

function unmarked(node: Node): Fragment {
  return Fragment.fromArray(node.children.map((child) => child.mark(Mark.none)))
}

function segments(node: Node): { readonly end: number; readonly marks: readonly Mark[] }[] {
  let end = 0
  return node.children.map((child) => ({ end: (end += child.nodeSize), marks: child.marks }))
}

/** `toStart` is where `after` begins in the content of `to`. */
function replaceDifference(
  tr: Transaction,
  start: number,
  toStart: number,
  before: Fragment,
  to: Node,
  after: Fragment,
): void {
  const first = before.findDiffStart(after)
  const last = before.findDiffEnd(after)
  if (first === null || last === null) return
  // In "aa" become "aaa" both searches claim the same letters; those of the end give way.
  const overlap = Math.max(0, first - Math.min(last.a, last.b))
  const slice = to.slice(toStart + first, toStart + last.b + overlap)
  const step = new ReplaceStep(start + first, start + last.a + overlap, slice)
  if (tr.maybeStep(step).failed === null) return
  // The two ends lie at different depths.
  tr.maybeStep(new ReplaceStep(start, start + before.size, new Slice(after, 0, 0)))
}

/** Children that have no equal on the other side, between those that have: from inclusive, to exclusive. */
interface Gap {
  readonly from: number
  readonly fromEnd: number
  readonly to: number
  readonly toEnd: number
}

function gapsBetween(from: Node, to: Node, changed: ChangedChildren): Gap[] {
  let head = changed.from
  let fromEnd = changed.beforeEnd
  let toEnd = changed.afterEnd
  while (head < fromEnd && head < toEnd && isEqual(from.child(head), to.child(head))) head++
  while (fromEnd > head && toEnd > head && isEqual(from.child(fromEnd - 1), to.child(toEnd - 1))) {
    fromEnd--
    toEnd--
  }
  const indices = new Map<Node, number>()
  for (let i = head; i < fromEnd; i++) indices.set(from.child(i), i)
  const gaps: Gap[] = []
  let gapFrom = head
  let gapTo = head
  for (let i = head; i < toEnd; i++) {
    const same = indices.get(to.child(i))
    if (same !== undefined && same >= gapFrom) {
      gaps.push({ from: gapFrom, fromEnd: same, to: gapTo, toEnd: i })
      gapFrom = same + 1
      gapTo = i + 1
    }
  }
  gaps.push({ from: gapFrom, fromEnd, to: gapTo, toEnd })
  return gaps
}

function isEqual(a: Node, b: Node): boolean {
  return a === b || a.eq(b)
}

function isSameKind(a: Node, b: Node | undefined): boolean {
  return b !== undefined && a.type === b.type && Mark.sameSet(a.marks, b.marks)
}

function sizeBefore({ children }: Node, index: number): number {
  let size = 0
  for (let i = 0; i < index; i++) size += children[i]?.nodeSize ?? 0
  return size
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.nodeSize, 0)
}
