import { Plugin, PluginKey, type EditorState } from 'prosemirror-state'
import { originOf } from './change-origin.ts'

const key = new PluginKey<number>('codraft-writer-moves')

/**
 * A plugin, part of every binding, that counts what the writer does to selection and text. What others write carries the
 * selection along, its anchors with it, and is not counted.
 */
export function writerMovesPlugin(): Plugin {
  return new Plugin<number>({
    key,
    state: {
      init: () => 0,
      apply: (tr, moves) =>
        originOf(tr) !== 'remote' && (tr.selectionSet || tr.docChanged) ? moves + 1 : moves,
    },
  })
}

/** Differs between two states of a view if the writer has moved. */
export function writerMoves(state: EditorState): number {
  return key.getState(state) ?? 0
}
