import type { Node } from 'prosemirror-model'
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import {
  Decoration,
  DecorationSet,
  type EditorView,
  type NodeView,
  type ViewMutationRecord,
} from 'prosemirror-view'
import { paragraphElement, readParagraphAttributes, schema } from '../../document/index.ts'

/** Milliseconds from the end of a composition until the view has surely read it. */
const COMPOSITION_END_TIME = 60
/** A checkbox is named by so many characters of its task. */
const MAX_NAME_LENGTH = 200

const redrawKey = new PluginKey<DecorationSet>('codraft-redraw')

/** Draws paragraphs anew that could not be while something was composed in them. `ParagraphView` needs it. */
export function redrawParagraphs(): Plugin {
  return new Plugin<DecorationSet>({
    key: redrawKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr) {
        const pos: unknown = tr.getMeta(redrawKey)
        const node = typeof pos === 'number' ? tr.doc.nodeAt(pos) : null
        if (typeof pos !== 'number' || node === null) return DecorationSet.empty
        // A decoration that changes nothing makes the view ask the paragraph's whether it can stay as it is.
        return DecorationSet.create(tr.doc, [Decoration.node(pos, pos + node.nodeSize, {}, { redraw: true })])
      },
    },
    props: { decorations: (state) => redrawKey.getState(state) },
  })
}

function redrawParagraph(tr: Transaction, pos: number): Transaction {
  return tr.setMeta(redrawKey, pos)
}

/**
 * Draws a paragraph. Where the element's tag stays, changed attributes are set on the element that is there, so that a
 * change by somebody else does not break off what an input method is composing in it. A task has a checkbox before its
 * text, which is no part of the text.
 */
export class ParagraphView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #view: EditorView
  readonly #getPos: () => number | undefined
  readonly #checkbox: HTMLInputElement | null
  #node: Node

  constructor(node: Node, view: EditorView, getPos: () => number | undefined) {
    this.#node = node
    this.#view = view
    this.#getPos = getPos
    this.dom = document.createElement(paragraphElement(node.attrs).tag)
    this.#checkbox = isTask(node) ? this.#createCheckbox() : null
    if (this.#checkbox) {
      const holder = document.createElement('span')
      holder.className = 'codraft-checkbox'
      holder.contentEditable = 'false'
      holder.append(this.#checkbox)
      this.contentDOM = document.createElement('span')
      this.contentDOM.className = 'codraft-task-text'
      this.dom.append(holder, this.contentDOM)
    } else {
      this.contentDOM = this.dom
    }
    this.#setAttributes({}, paragraphElement(node.attrs).attributes)
    this.#nameCheckbox()
  }

  update(node: Node): boolean {
    if (node.type !== schema.nodes.paragraph) return false
    const [before, after] = [paragraphElement(this.#node.attrs), paragraphElement(node.attrs)]
    const isDrawnSo = this.dom.localName === after.tag && isTask(node) === (this.#checkbox !== null)
    if (!isDrawnSo && !this.#isComposedIn()) return false
    if (!isDrawnSo) this.#redrawAfterComposition()
    if (node.attrs !== this.#node.attrs) this.#setAttributes(before.attributes, after.attributes)
    this.#node = node
    this.#nameCheckbox()
    return true
  }

  destroy(): void {
    this.#view.dom.removeEventListener('compositionend', this.#redrawSoon)
  }

  stopEvent(event: Event): boolean {
    return this.#isInCheckbox(event.target)
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    if (mutation.type === 'selection') return this.#isInCheckbox(mutation.target)
    // Attributes are only ever written here: what extensions of the browser do to them says nothing about the text.
    return mutation.target === this.dom && mutation.type === 'attributes'
  }

  #setAttributes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): void {
    // Only what changed: decorations have attributes on the same element. Styles are set so that a strict
    // Content-Security-Policy allows it.
    for (const name of Object.keys(before)) {
      if (name in after) continue
      if (name === 'style') this.dom.style.textAlign = ''
      else this.dom.removeAttribute(name)
    }
    for (const [name, value] of Object.entries(after)) {
      if (name === 'style') this.dom.style.textAlign = value.slice('text-align: '.length)
      else if (before[name] !== value) this.dom.setAttribute(name, value)
    }
    if (this.#checkbox) this.#checkbox.checked = after['data-checked'] === 'true'
  }

  /** Another element in its place would break off what an input method is composing in this one. */
  #isComposedIn(): boolean {
    const { focusNode } = this.dom.ownerDocument.getSelection() ?? {}
    return this.#view.composing && focusNode != null && this.contentDOM.contains(focusNode)
  }

  #redrawAfterComposition(): void {
    this.#view.dom.addEventListener('compositionend', this.#redrawSoon)
  }

  readonly #redrawSoon = (): void => {
    // The view reads what was composed a moment after its end.
    window.setTimeout(() => {
      const pos = this.#getPos()
      if (this.#view.isDestroyed || this.#view.composing || pos === undefined) return
      this.#view.dom.removeEventListener('compositionend', this.#redrawSoon)
      this.#view.dispatch(redrawParagraph(this.#view.state.tr, pos))
    }, COMPOSITION_END_TIME)
  }

  /** A task's checkbox is named by its text. */
  #nameCheckbox(): void {
    const text = this.#node.textContent.trim().slice(0, MAX_NAME_LENGTH)
    this.#checkbox?.setAttribute('aria-label', text === '' ? 'Empty task' : text)
  }

  #createCheckbox(): HTMLInputElement {
    const checkbox = document.createElement('input')
    checkbox.type = 'checkbox'
    // Tab belongs to the text; the keyboard's way to it is the action `toggle-task`.
    checkbox.tabIndex = -1
    // A click on it leaves the caret where it is.
    checkbox.addEventListener('mousedown', (event) => event.preventDefault())
    checkbox.addEventListener('change', () => this.#toggle(checkbox))
    return checkbox
  }

  #toggle(checkbox: HTMLInputElement): void {
    const pos = this.#getPos()
    if (!this.#view.editable || pos === undefined) {
      checkbox.checked = readParagraphAttributes(this.#node.attrs).checked
      return
    }
    this.#view.dispatch(this.#view.state.tr.setNodeAttribute(pos, 'checked', checkbox.checked))
  }

  #isInCheckbox(target: EventTarget | null): boolean {
    return (
      this.#checkbox !== null &&
      target instanceof window.Node &&
      !this.contentDOM.contains(target) &&
      this.dom !== target
    )
  }
}

function isTask(node: Node): boolean {
  return readParagraphAttributes(node.attrs).list === 'task'
}
