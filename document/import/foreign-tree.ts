import { yXmlFragmentToProsemirrorJSON } from 'y-prosemirror'
import * as Y from 'yjs'
import { isRecord } from '../text-form/plain-value.ts'
import { ImportProblem } from './import-problem.ts'
import type { Losses } from './losses.ts'

/** A mark of another editor. */
export interface ForeignMark {
  readonly type: string
  readonly attrs: Readonly<Record<string, unknown>>
}

/** A node of another editor; its attributes may hold anything. */
export interface ForeignNode {
  readonly type: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly content: readonly ForeignNode[]
  /** Null for all nodes but texts. */
  readonly text: string | null
  readonly marks: readonly ForeignMark[]
}

/** The deepest tree that is read; nobody writes one. */
const MAX_DEPTH = 500

/**
 * The nodes at the top of a tree, read by y-prosemirror. What it cannot read is taken out of the fragment before, so the
 * document must be the caller's own. Throws an `ImportProblem`.
 */
export function readForeignTree(fragment: Y.XmlFragment, losses: Losses): ForeignNode[] {
  makeReadable(fragment, losses)
  let json: unknown
  try {
    json = yXmlFragmentToProsemirrorJSON(fragment)
  } catch (cause) {
    throw new ImportProblem('unreadable', 'the fragment cannot be read as the tree of an editor', { cause })
  }
  return nodesOf(isRecord(json) ? json['content'] : null, losses)
}

/** Without recursion, which a deep tree would make overflow the stack. */
function makeReadable(fragment: Y.XmlFragment, losses: Losses): void {
  const open: { readonly parent: Y.XmlFragment; readonly depth: number }[] = [{ parent: fragment, depth: 1 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { parent, depth } = next
    if (depth > MAX_DEPTH) {
      throw new ImportProblem('unreadable', `the fragment is nested more than ${MAX_DEPTH} levels deep`)
    }
    const children: readonly unknown[] = parent.toArray()
    for (const [index, child] of [...children.entries()].toReversed()) {
      if (child instanceof Y.XmlElement) open.push({ parent: child, depth: depth + 1 })
      else if (!(child instanceof Y.XmlText)) replaceUnknown(parent, index, child, losses)
    }
  }
}

function replaceUnknown(parent: Y.XmlFragment, index: number, child: unknown, losses: Losses): void {
  const text = textOf(child)
  parent.delete(index, 1)
  if (text !== null) parent.insert(index, [new Y.XmlText(text)])
  losses.add('data that is no node', text === null ? 'left out' : 'kept as text')
}

function nodesOf(content: unknown, losses: Losses): ForeignNode[] {
  if (!Array.isArray(content)) return []
  // Texts at the top come as lists within the list.
  return content.flat().flatMap((json: unknown) => nodeOf(json, losses) ?? [])
}

function nodeOf(json: unknown, losses: Losses): ForeignNode | null {
  if (!isRecord(json)) return null
  const { type, attrs, content, marks } = json
  const node = { type: String(type), attrs: isRecord(attrs) ? attrs : {}, content: [], text: null, marks: [] }
  if (type !== 'text') return { ...node, content: nodesOf(content, losses) }
  const text = textOf(json['text'])
  if (text === null) losses.add('object in a text', 'left out')
  return text === null || text === '' ? null : { ...node, text, marks: marksOf(marks) }
}

/** Null for what holds no text. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!(value instanceof Y.Text)) return null
  const delta: readonly { readonly insert?: unknown }[] = value.toDelta()
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('')
}

function marksOf(marks: unknown): ForeignMark[] {
  if (!Array.isArray(marks)) return []
  return marks.flatMap((mark: unknown) =>
    isRecord(mark)
      ? [{ type: String(mark['type']), attrs: isRecord(mark['attrs']) ? mark['attrs'] : {} }]
      : [],
  )
}
