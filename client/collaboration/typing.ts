import type { Transaction } from 'prosemirror-state'
import { ReplaceStep } from 'prosemirror-transform'
import { originOf } from './change-origin.ts'

/** Where a writer is typing, as an editor's state keeps it to tell what belongs to one undo step. */
export interface Typing {
  /** Where typing or deleting would go on; null after anything else. */
  readonly at: number | null
  /** Whether the writer's last change went on where the one before it ended. */
  readonly goesOn: boolean
}

export const noTyping: Typing = { at: null, goesOn: false }

/** After a transaction that changes the document. Commands, pasting and input rules are not typing. */
export function typingAfter(tr: Transaction, { at, goesOn }: Typing): Typing {
  const isAppended = tr.getMeta('appendedTransaction') !== undefined
  if (originOf(tr) === 'remote' || isAppended) {
    return { at: at === null ? null : tr.mapping.map(at, -1), goesOn }
  }
  const typed = originOf(tr) === 'local' ? typedBy(tr) : null
  if (typed === null) return noTyping
  return { at: typed.from + typed.length, goesOn: at !== null && (at === typed.from || at === typed.to) }
}

/** The range that typing or deleting replaced, and how long the text is that came there; null if it was something else. */
function typedBy(
  tr: Transaction,
): { readonly from: number; readonly to: number; readonly length: number } | null {
  const [step] = tr.steps
  if (tr.steps.length !== 1 || !(step instanceof ReplaceStep)) return null
  if (tr.getMeta('paste') !== undefined || tr.getMeta('uiEvent') !== undefined) return null
  const { from, to, slice } = step
  const $from = tr.before.resolve(from)
  if (!$from.parent.inlineContent || to > $from.end()) return null
  if (slice.openStart > 0 || slice.openEnd > 0 || !slice.content.content.every((node) => node.isText)) {
    return null
  }
  // An input method replaces what it has written so far; an input rule does the same, and is a step of its own.
  const replaces = from < to && slice.size > 0
  if (replaces && tr.getMeta('composition') === undefined) return null
  return { from, to, length: slice.size }
}
