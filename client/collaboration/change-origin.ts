import type { Transaction } from 'prosemirror-state'
import { ySyncPluginKey } from 'y-prosemirror'

/**
 * Where a transaction comes from: this editor, the shared document changed by somebody else, or the shared document
 * changed by this editor's undo or redo.
 */
export type ChangeOrigin = 'local' | 'remote' | 'undo'

const ORIGIN = 'codraft-origin'

/** Marks what a binding draws into the editor, also for plugins made for y-prosemirror and prosemirror-history. */
export function markOrigin(tr: Transaction, origin: Exclude<ChangeOrigin, 'local'>): Transaction {
  return tr
    .setMeta(ORIGIN, origin)
    .setMeta('addToHistory', false)
    .setMeta(ySyncPluginKey, { isChangeOrigin: true, isUndoRedoOperation: origin === 'undo' })
}

export function originOf(tr: Transaction): ChangeOrigin {
  const origin: unknown = tr.getMeta(ORIGIN)
  return origin === 'remote' || origin === 'undo' ? origin : 'local'
}
