import type { DOMOutputSpec, NodeSpec } from 'prosemirror-model'
import type { DomElement } from './dom.ts'
import { readImageAttributes } from './image-attributes.ts'
import { pictureElement } from './picture-element.ts'
import { safeImageSrc } from './safe-image-src.ts'

const attrs = {
  src: { default: null },
  alt: { default: null },
  width: { default: null },
  height: { default: null },
}

/** An image as a block; its text is its caption. */
export const image: NodeSpec = {
  content: 'inline*',
  group: 'block',
  marks: '_',
  whitespace: 'pre',
  defining: true,
  createGapCursor: true,
  attrs: { ...attrs, align: { default: null } },
  draggable: true,
  toDOM: (node) => {
    const { align } = readImageAttributes(node.attrs)
    const style = align === null ? {} : { style: `text-align: ${align}` }
    return ['figure', style, drawn(node.attrs), ['figcaption', { dir: 'auto' }, 0]]
  },
}

/** An image in a line, like a character. */
export const inlineImage: NodeSpec = {
  kind: 'image',
  inline: true,
  group: 'inline',
  draggable: true,
  attrs,
  parseDOM: [
    {
      tag: 'img[src]',
      getAttrs: (element: DomElement) => {
        const src = safeImageSrc(element.getAttribute('src'))
        return src === null ? false : { src, alt: element.getAttribute('alt') }
      },
    },
  ],
  toDOM: (node) => drawn(node.attrs),
}

function drawn(attributes: Readonly<Record<string, unknown>>): DOMOutputSpec {
  const { tag, attributes: written } = pictureElement(attributes)
  return [tag, written]
}
