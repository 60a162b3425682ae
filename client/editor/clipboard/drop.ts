import type { Slice } from 'prosemirror-model'
import { Plugin, TextSelection, type EditorState, type Transaction } from 'prosemirror-state'
import { replaceSelected } from './paste.ts'

/** Drops text and blocks as they would be pasted, in one step, and selects what was dropped. */
export function drop(): Plugin {
  return new Plugin({
    props: {
      handleDrop(view, event, slice, moved) {
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
        const tr = place === null ? null : dropSlice(view.state, slice, place.pos, moved)
        if (tr === null) return false
        view.focus()
        view.dispatch(tr.setMeta('uiEvent', 'drop'))
        return true
      },
    },
  })
}

/**
 * Puts what is dragged at a position, and takes it from where it is selected if it is moved. Several whole paragraphs that
 * are moved to the start or the end of another one stay paragraphs of their own, and leave no empty one. Null for single
 * nodes, and where there is no text: that is ProseMirror's.
 */
export function dropSlice(
  state: EditorState,
  slice: Slice,
  position: number,
  moved: boolean,
): Transaction | null {
  const { selection } = state
  const isNode = slice.openStart === 0 && slice.openEnd === 0 && slice.content.childCount === 1
  if (slice.size === 0 || isNode || !state.doc.resolve(position).parent.isTextblock) return null
  if (moved && !(selection instanceof TextSelection)) return null
  const { tr } = state
  // Onto itself.
  if (moved && position >= selection.from && position <= selection.to) return tr
  const whole = moved ? wholeBlocks(state) : null
  if (whole !== null) {
    const $place = state.doc.resolve(position)
    const isAtStart = $place.parentOffset === 0
    if (isAtStart || $place.parentOffset === $place.parent.content.size) {
      const target = isAtStart ? $place.before() : $place.after()
      tr.delete(whole.from, whole.to)
      const at = tr.mapping.map(target)
      tr.insert(at, state.doc.slice(whole.from, whole.to).content)
      return selectFrom(tr, at, at + whole.to - whole.from)
    }
    tr.delete(whole.from, whole.to)
  } else if (moved) {
    tr.deleteSelection()
  }
  tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(position)))
  const from = replaceSelected(tr, slice)
  return from === null ? null : selectFrom(tr, from, tr.selection.to)
}

/** The place of the blocks of which all is selected, if they are several. */
function wholeBlocks({ selection: { $from, $to } }: EditorState): { from: number; to: number } | null {
  const range = $from.blockRange($to)
  const isWhole = $from.parentOffset === 0 && $to.parentOffset === $to.parent.content.size
  const isFlat = $from.depth === $to.depth && range?.depth === $from.depth - 1
  if (!isWhole || !isFlat || range.endIndex - range.startIndex < 2) return null
  return { from: range.start, to: range.end }
}

function selectFrom(tr: Transaction, from: number, to: number): Transaction {
  return tr.setSelection(TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to)))
}
