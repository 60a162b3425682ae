import type { DomElement } from '../schema/dom.ts'

/** Where `style` stands on what is put together under a Content-Security-Policy that would report each of it. */
export const STYLE_COPY = 'data-codraft-style'

/** The declarations of an element's `style` attribute by property, lower case; the later of two wins, as in CSS. */
export function inlineStyle(element: DomElement): ReadonlyMap<string, string> {
  const declarations = new Map<string, string>()
  for (const declaration of (element.getAttribute('style') ?? element.getAttribute(STYLE_COPY) ?? '').split(
    ';',
  )) {
    const colon = declaration.indexOf(':')
    if (colon === -1) continue
    const value = declaration
      .slice(colon + 1)
      .replace(/!important/i, '')
      .trim()
      .toLowerCase()
    declarations.set(declaration.slice(0, colon).trim().toLowerCase(), value)
  }
  return declarations
}

const POINTS_PER_UNIT = new Map([
  ['pt', 1],
  ['px', 0.75],
  ['in', 72],
  ['cm', 72 / 2.54],
  ['mm', 72 / 25.4],
])

/** An absolute CSS length in points; null for any other. */
export function lengthInPoints(value: string | undefined): number | null {
  const [, amount, unit] = /^(-?[\d.]+)(pt|px|in|cm|mm)$/.exec(value ?? '') ?? []
  const points = Number(amount) * (POINTS_PER_UNIT.get(unit ?? '') ?? Number.NaN)
  return Number.isNaN(points) ? null : points
}
