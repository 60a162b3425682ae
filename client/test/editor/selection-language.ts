import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection, type Command, type Plugin } from 'prosemirror-state'
import { schema } from '../../../document/index.ts'

/** A state with the document whose texts say where the selection is: `doc(p('ca|ret'), p('or'))`, `doc(p('a |word|'))`. */
export function stateAt(document: Node, plugins: readonly Plugin[] = []): EditorState {
  const marks: number[] = []
  document.descendants((node, pos) => {
    for (const { index } of (node.text ?? '').matchAll(/\|/g)) marks.push(pos + index)
  })
  const { tr } = EditorState.create({ doc: document })
  for (const pos of marks.toReversed()) tr.delete(pos, pos + 1)
  const [anchor = 1, head = anchor + 1] = marks
  return EditorState.create({
    doc: tr.doc,
    selection: TextSelection.create(tr.doc, anchor, head - 1),
    plugins: [...plugins],
  })
}

/** The opposite of `stateAt`, to be compared with a marked document's `toJSON()`. */
function marked(state: EditorState): unknown {
  const { from, to } = state.selection
  const { tr } = state
  const mark = (pos: number) => schema.text('|', tr.doc.resolve(pos).marks())
  tr.insert(to, mark(to))
  if (from !== to) tr.insert(from, mark(from))
  return tr.doc.toJSON()
}

/** The state after a command; the same one if it does not apply. A command that says it applies must do so. */
export function after(command: Command, state: EditorState): EditorState {
  let next = state
  const applies = command(state)
  const applied = command(state, (tr) => {
    next = state.apply(tr)
  })
  if (applies !== applied)
    throw new Error(`The command says ${applies} without dispatch and ${applied} with it`)
  return next
}

/** What a command makes of a marked document, for comparison with another's `toJSON()`. */
export function result(command: Command, before: Node): unknown {
  return marked(after(command, stateAt(before)))
}
