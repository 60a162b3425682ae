import { Fragment, Slice, type Node } from 'prosemirror-model'
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { selectText } from './anchored-selection.ts'
import { changeTo } from './minimal-change.ts'
import { textDiff } from './text-diff.ts'

/** A range of positions in a document. */
export interface ComposedRange {
  readonly from: number
  readonly to: number
}

interface Composed extends ComposedRange {
  /** ProseMirror's number of the composition. */
  readonly id: unknown
}

/**
 * What an input method is composing in a view. It goes on as long as the DOM text node with the composed text stays, and
 * nobody sets that node's whole value: taking away what stands around it, or putting something into it, is no harm.
 */
export class Composition {
  readonly plugin: Plugin
  readonly #key = new PluginKey<Composed | null>('codraft-composition')
  /** As the input method told it. */
  #text = ''

  constructor() {
    this.plugin = new Plugin<Composed | null>({
      key: this.#key,
      state: { init: () => null, apply: composedAfter },
      props: {
        handleDOMEvents: {
          compositionstart: () => {
            this.#text = ''
          },
          compositionupdate: (_view, { data }) => {
            this.#text = data
          },
        },
      },
    })
  }

  /** The text that is being composed; null if none is. */
  range(view: EditorView): ComposedRange | null {
    const found = this.#find(view)
    return found && { from: found.from, to: found.to }
  }

  /**
   * The first part of a change by others: only of the textblock in which something is composed, around it, so that what
   * comes next finds that block as it is. The range and the selection are those of the target. Null if there is nothing
   * to do first.
   */
  changeAround(
    view: EditorView,
    target: Node,
    { from, to }: ComposedRange,
    selection: { readonly anchor: number; readonly head: number } | null,
  ): Transaction | null {
    const found = this.#find(view)
    if (found === null || from >= to || to > target.content.size) return null
    const { state } = view
    const $old = state.doc.resolve(found.from)
    const $new = target.resolve(from)
    if (!$new.parent.inlineContent || to > $new.end()) return null
    // Where only the block itself has changed, the view leaves its text alone.
    if ($old.parent.content.eq($new.parent.content)) return null
    isolate(found.node, found.start, found.end, target.textBetween(from, to, null, '\ufffc'))
    const block = new Slice(Fragment.from($new.parent), 0, 0)
    const tr = changeTo(state, state.doc.replace($old.before(), $old.after(), block))
    if (selection !== null) {
      const { anchor, head } = selection
      const isInBlock = Math.min(anchor, head) >= $new.start() && Math.max(anchor, head) <= $new.end()
      const moved = $old.start() - $new.start()
      if (isInBlock) selectText(tr, anchor + moved, head + moved)
    }
    return tr
  }

  #find(view: EditorView): (ComposedRange & InNode) | null {
    const composed = this.#key.getState(view.state)
    const node = view.composing ? textNodeAtCaret(view) : null
    if (composed === null || composed === undefined || node === null) return null
    const { doc } = view.state
    const nodeStart = view.posAtDOM(node, 0)
    const nodeEnd = nodeStart + node.length
    if (composed.from < nodeStart || composed.to > nodeEnd || nodeEnd > doc.content.size) return null
    if (doc.textBetween(nodeStart, nodeEnd, null, '\ufffc') !== node.data) return null
    let [start, end] = [composed.from - nodeStart, composed.to - nodeStart]
    // Some input methods go on with a word that was there before.
    const whole = node.data.indexOf(this.#text, Math.max(end - this.#text.length, 0))
    if (whole >= 0 && whole <= start && whole + this.#text.length >= end) {
      start = whole
      end = whole + this.#text.length
    }
    if (start === end) return null
    return { node, start, end, from: nodeStart + start, to: nodeStart + end }
  }
}

/** Where composed text is in a DOM text node. */
interface InNode {
  readonly node: Text
  readonly start: number
  readonly end: number
}

/** What a transaction of a composition writes is composed; what others write at its ends is not. */
function composedAfter(tr: Transaction, before: Composed | null): Composed | null {
  if (!tr.docChanged) return before
  const id: unknown = tr.getMeta('composition')
  if (id !== undefined && id !== before?.id) {
    const range = writtenBy(tr)
    return range && { id, ...range }
  }
  if (before === null) return null
  const isOwn = id !== undefined
  return {
    id: before.id,
    from: tr.mapping.map(before.from, isOwn ? -1 : 1),
    to: tr.mapping.map(before.to, isOwn ? 1 : -1),
  }
}

/** From the first to the last place that a transaction changed; null if it changed none. */
function writtenBy(tr: Transaction): ComposedRange | null {
  let range: ComposedRange | null = null
  for (const [i, map] of tr.mapping.maps.entries()) {
    const rest = tr.mapping.slice(i + 1)
    map.forEach((_oldStart, _oldEnd, newStart, newEnd) => {
      const [from, to] = [rest.map(newStart, -1), rest.map(newEnd, 1)]
      range = { from: Math.min(range?.from ?? from, from), to: Math.max(range?.to ?? to, to) }
    })
  }
  return range
}

function textNodeAtCaret(view: EditorView): Text | null {
  const { focusNode } = view.dom.ownerDocument.getSelection() ?? {}
  return focusNode instanceof Text && view.dom.contains(focusNode) ? focusNode : null
}

/** Leaves of a text node only what is composed in it, and puts into that what others wrote there. */
function isolate(node: Text, start: number, end: number, text: string): void {
  node.deleteData(end, node.length - end)
  node.deleteData(0, start)
  for (const { index, remove, insert } of textDiff(node.data, text).toReversed()) {
    node.deleteData(index, remove)
    node.insertData(index, insert)
  }
}
