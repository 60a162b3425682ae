import { TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state'
import { findState, goToMatch, type Match } from './find-plugin.ts'

/** Selects the next match, the first one after the last. */
export const findNext: Command = select(1)

/** Selects the match before, the last one before the first. */
export const findPrevious: Command = select(-1)

function select(direction: 1 | -1): Command {
  return (state, dispatch) => {
    const { matches, current } = findState(state)
    const match = matches[(current + direction + matches.length) % matches.length]
    if (match === undefined) return false
    dispatch?.(selectMatch(goToMatch(state.tr, match.from), match))
    return true
  }
}

/** Replaces the current match, and goes on to the next one behind it. */
export const replaceMatch: Command = (state, dispatch) => {
  const { matches, current } = findState(state)
  const match = matches[current]
  if (match === undefined) return false
  if (!dispatch) return true
  const tr = state.tr
  write(tr, state, match)
  const next = matches[current + 1] ?? matches[0]
  if (next !== undefined && next !== match) {
    selectMatch(tr, { from: tr.mapping.map(next.from), to: tr.mapping.map(next.to, -1) })
  }
  dispatch(goToMatch(tr, tr.mapping.map(match.to)))
  return true
}

/** Replaces all matches in one transaction that touches nothing between them, so that it merges with what others type. */
export const replaceAllMatches: Command = (state, dispatch) => {
  const { matches } = findState(state)
  if (matches.length === 0) return false
  if (!dispatch) return true
  const tr = state.tr
  // From the last to the first, so that the places of the others hold.
  for (const match of matches.toReversed()) write(tr, state, match)
  dispatch(tr)
  return true
}

/** The new text has the marks that the old one begins with. */
function write(tr: Transaction, state: EditorState, { from, to, found }: Match): void {
  const { finder, replacement } = findState(state)
  const text = finder?.replacementOf(found, replacement) ?? replacement
  const marks = state.doc.resolve(from).nodeAfter?.marks ?? []
  if (text === '') tr.delete(from, to)
  else tr.replaceWith(from, to, state.schema.text(text, marks))
}

function selectMatch(tr: Transaction, { from, to }: Pick<Match, 'from' | 'to'>): Transaction {
  return tr.setSelection(TextSelection.create(tr.doc, from, to)).scrollIntoView()
}
