import type { EditorView } from 'prosemirror-view'
import type { Binding } from './binding.ts'
import type { Presence } from './presence.ts'

export interface CaretOverlayOptions {
  readonly view: EditorView
  readonly binding: Binding
  readonly presence: Presence
  /** Where the layer goes; must be positioned and scroll with the text. Default: the parent of `view.dom`. */
  readonly container?: HTMLElement
}

/** Draws the others' carets and selections over the text, and tells them this client's. */
export interface CaretOverlay {
  /** To be called after every `view.updateState`, which `CaretOverlay.plugin` does by itself. */
  update(): void
  /** Removes the layer. May be called twice. */
  close(): void
}

export declare function createCaretOverlay(options: CaretOverlayOptions): CaretOverlay

/** The overlay's style sheet. */
export declare const caretStyles: string
