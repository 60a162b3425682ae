import { readImageAttributes } from './image-attributes.ts'

/** How the editor draws an image itself, without what is around it. */
interface PictureElement {
  readonly tag: 'img' | 'span'
  readonly attributes: Readonly<Record<string, string>>
}

/** The picture of an image; where there is none to load, an empty place that is named by what is read instead. */
export function pictureElement(attrs: Readonly<Record<string, unknown>>): PictureElement {
  const { src, alt, width, height } = readImageAttributes(attrs)
  if (src === null) {
    return {
      tag: 'span',
      attributes: { class: 'codraft-no-image', role: 'img', 'aria-label': alt || 'Image' },
    }
  }
  return {
    tag: 'img',
    attributes: {
      src,
      alt,
      ...(width !== null && { width: String(width) }),
      ...(height !== null && { height: String(height) }),
      // Where the image is kept is told nothing of the document.
      referrerpolicy: 'no-referrer',
    },
  }
}
