import type { StateField } from 'prosemirror-state'
import { noTyping, typingAfter, type Typing } from './typing.ts'

/** Typing that pauses for longer, in milliseconds, begins a new undo step. */
export const CAPTURE_TIMEOUT = 500

/** The meta of a ProseMirror transaction, and of the Yjs one that follows from it, that is false where undo shall leave it out. */
export const CAPTURE = 'addToHistory'

/** The writer's latest change, as undo sees it. */
export interface Writing {
  readonly captured: boolean
  readonly typing: Typing
}

/** A binding's plugin state. */
export const writingState: StateField<Writing> = {
  init: () => ({ captured: true, typing: noTyping }),
  apply: (tr, before) =>
    tr.docChanged
      ? { captured: tr.getMeta(CAPTURE) !== false, typing: typingAfter(tr, before.typing) }
      : before,
}
