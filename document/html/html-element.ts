/** An HTML element as a value: to be written as text, or made into a DOM element by whoever has a DOM. */
export interface HtmlElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: HtmlChild[]
}

export type HtmlChild = HtmlElement | string

const VOID_TAGS = new Set(['br', 'col', 'hr', 'img', 'input'])

export function element(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  children: HtmlChild[] = [],
): HtmlElement {
  return { tag, attributes, children }
}

/** The value of a `style` attribute, if any declaration has a value. */
export function styleAttribute(
  declarations: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const written = Object.entries(declarations).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  )
  return written.length === 0 ? {} : { style: written.join('; ') }
}

/** The HTML text of elements and texts, escaped. */
export function htmlText(children: readonly HtmlChild[]): string {
  return children.map((child) => (typeof child === 'string' ? escape(child) : elementText(child))).join('')
}

function elementText({ tag, attributes, children }: HtmlElement): string {
  const written = Object.entries(attributes).map(([name, value]) =>
    value === '' ? ` ${name}` : ` ${name}="${escape(value)}"`,
  )
  const start = `<${tag}${written.join('')}>`
  return VOID_TAGS.has(tag) ? start : `${start}${htmlText(children)}</${tag}>`
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\u00a0', '&nbsp;'],
])

function escape(text: string): string {
  return text.replaceAll(/[&<>"\u00a0]/g, (character) => ENTITIES.get(character) ?? character)
}
