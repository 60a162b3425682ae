import type { DomElement } from '../schema/dom.ts'
import { element, type HtmlElement } from './html-element.ts'
import { imageLength, readImageAttributes } from '../schema/image-attributes.ts'
import { lengthInPoints } from './inline-style.ts'
import { safeImageSrc } from '../schema/safe-image-src.ts'

const POINTS_PER_PIXEL = 0.75

/** An image as HTML; one that cannot be loaded from anywhere has no `src`. */
export function imageElement(attrs: Readonly<Record<string, unknown>>): HtmlElement {
  const { src, alt, width, height } = readImageAttributes(attrs)
  return element('img', {
    ...(src !== null && { src }),
    alt,
    ...(width !== null && { width: String(width) }),
    ...(height !== null && { height: String(height) }),
  })
}

/**
 * What an `img` shows. One of an address that other readers cannot load, or that carries the image in itself (`data:`),
 * has no source, only what is read instead. Null for the dots that mail and web pages count readers with.
 */
export function imageOfElement(
  img: DomElement,
  style: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> | null {
  const [width, height] = [lengthOf(img, style, 'width'), lengthOf(img, style, 'height')]
  if (width === 1 || height === 1 || img.getAttribute('width') === '0') return null
  const alt = img.getAttribute('alt')?.trim() ?? ''
  return { src: safeImageSrc(img.getAttribute('src')), alt: alt === '' ? null : alt, width, height }
}

function lengthOf(
  img: DomElement,
  style: ReadonlyMap<string, string>,
  name: 'width' | 'height',
): number | null {
  const points = lengthInPoints(style.get(name))
  if (points !== null) return imageLength(points / POINTS_PER_PIXEL)
  const declared = img.getAttribute(name)?.trim() ?? ''
  return /^\d+(?:\.\d+)?(?:px)?$/.test(declared) ? imageLength(Number.parseFloat(declared)) : null
}
