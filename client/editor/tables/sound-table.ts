import type { Node, ResolvedPos } from 'prosemirror-model'
import { EditorState, Selection, type Command } from 'prosemirror-state'
import { findTable, fixTables, TableMap } from 'prosemirror-tables'
import { schema } from '../../../document/index.ts'

/** Whether a table's cells fill a rectangle: those of a tree need not, after two people have changed one at once. */
export function isSoundTable(table: Node): boolean {
  const { problems } = TableMap.get(table)
  return problems === null || problems.every(({ type }) => type === 'colwidth mismatch')
}

/** Whether a position is in a table, and that is sound. */
export function isInSoundTable($pos: ResolvedPos): boolean {
  const table = findTable($pos)
  return table !== null && isSoundTable(table.node)
}

/**
 * A command that counts on tables being sound, for any. What it finds broken is mended as a part of it: never by itself,
 * for every editor that saw it would do it.
 */
export function onSoundTable(command: Command): Command {
  return (state, dispatch, view) => {
    const table = findTable(state.selection.$head)
    const tr = table === null || isSoundTable(table.node) ? undefined : fixTables(state)
    if (tr === undefined) return command(state, dispatch, view)
    const mended = EditorState.create({ doc: tr.doc, selection: tr.selection })
    return command(
      mended,
      dispatch &&
        ((after) => {
          for (const step of after.steps) tr.step(step)
          dispatch(tr.setSelection(Selection.fromJSON(tr.doc, after.selection.toJSON())))
        }),
    )
  }
}

/** Whether a block, if there is one, is a table. */
export function isTable(node: Node | null): boolean {
  return node?.type === schema.nodes.table
}
