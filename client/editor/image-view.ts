import type { Node } from 'prosemirror-model'
import { NodeSelection, Plugin } from 'prosemirror-state'
import type { NodeView, ViewMutationRecord } from 'prosemirror-view'
import { pictureElement, readImageAttributes, schema } from '../../document/index.ts'

/** Draws an image's block: the picture, which is changed only where its attributes change, and the caption below it. */
export class ImageView implements NodeView {
  readonly dom = document.createElement('figure')
  readonly contentDOM = document.createElement('figcaption')
  #node: Node
  #picture: HTMLElement

  constructor(node: Node) {
    this.#node = node
    this.#picture = createPicture(node)
    this.contentDOM.dir = 'auto'
    this.contentDOM.dataset['placeholder'] = 'Caption'
    this.dom.append(this.#picture, this.contentDOM)
    this.#draw(node)
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    if (!isSamePicture(node, this.#node)) {
      const picture = createPicture(node)
      this.#picture.replaceWith(picture)
      this.#picture = picture
    }
    this.#draw(node)
    this.#node = node
    return true
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    if (mutation.type === 'selection') return false
    return mutation.type === 'attributes' || !this.contentDOM.contains(mutation.target)
  }

  #draw(node: Node): void {
    // Through the DOM, as a strict Content-Security-Policy allows it.
    this.dom.style.textAlign = readImageAttributes(node.attrs).align ?? ''
    this.contentDOM.toggleAttribute('data-empty', node.content.size === 0)
  }
}

/** Draws an image in a line. */
export class InlineImageView implements NodeView {
  readonly dom: HTMLElement

  constructor(node: Node) {
    this.dom = createPicture(node)
  }

  ignoreMutation(): boolean {
    return true
  }
}

/** A click on a picture selects its image. */
export function selectClickedImages(): Plugin {
  return new Plugin({
    props: {
      handleClickOn(view, _pos, node, nodePos, event) {
        const { target } = event
        const isPicture = target instanceof Element && target.matches(PICTURE)
        if (node.type !== schema.nodes.image || !isPicture || event.button !== 0 || event.shiftKey)
          return false
        view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, nodePos)))
        return true
      },
    },
  })
}

const PICTURE = 'figure > .codraft-picture'

function createPicture(node: Node): HTMLElement {
  const { tag, attributes } = pictureElement(node.attrs)
  const picture = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value)
  picture.classList.add('codraft-picture')
  picture.contentEditable = 'false'
  // A picture that nothing comes for, and that has no alternative text, would take no room.
  picture.addEventListener('error', () => picture.classList.add('codraft-broken-image'))
  return picture
}

function isSamePicture(a: Node, b: Node): boolean {
  return ['src', 'alt', 'width', 'height'].every((name) => a.attrs[name] === b.attrs[name])
}
