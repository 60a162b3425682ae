import { isElement, isText, type DomElement, type DomNode } from '../schema/dom.ts'
import { isLeftOut } from './html-elements.ts'
import { inlineStyle } from './inline-style.ts'

interface FigureParts {
  readonly image: DomElement
  readonly caption: DomElement | null
}

/** The image and the caption of a `figure` that holds nothing else; null for other figures. */
export function partsOfFigure(figure: DomElement): FigureParts | null {
  const images: DomElement[] = []
  const captions: DomElement[] = []
  const isOnlyThat = (parent: DomNode): boolean => {
    for (const child of parent.childNodes) {
      if (isText(child) && /[^\s]/.test(child.nodeValue ?? '')) return false
      if (!isElement(child) || isLeftOut(child, inlineStyle(child))) continue
      if (child.nodeName === 'FIGCAPTION') captions.push(child)
      else if (child.nodeName === 'IMG') images.push(child)
      else if (/^(?:TABLE|PRE|HR)$/.test(child.nodeName) || !isOnlyThat(child)) return false
    }
    return true
  }
  const isImage = isOnlyThat(figure)
  const [image] = images
  if (!isImage || image === undefined || images.length > 1 || captions.length > 1) return null
  return { image, caption: captions[0] ?? null }
}
