import { DOMParser, DOMSerializer, Fragment, Slice, type ResolvedPos } from 'prosemirror-model'
import {
  blocksFromHtml,
  htmlOfBlocks,
  htmlOfInline,
  schema,
  STYLE_COPY,
  textOfBlocks,
  type HtmlChild,
} from '../../../document/index.ts'
import { attributesAfter } from '../enter.ts'
import { inWholeTable, withoutOuterCell } from '../tables/table-slice.ts'

/** Reads HTML from the clipboard with the rules of the document's HTML form, so that lists of any program are lists. */
class ClipboardParser extends DOMParser {
  override parseSlice(dom: globalThis.Node): Slice {
    return Slice.maxOpen(Fragment.from([...blocksFromHtml(dom)]), false)
  }
}

/** Writes the document's HTML form, with real nested lists, to the clipboard. */
class ClipboardSerializer extends DOMSerializer {
  override serializeFragment(
    fragment: Fragment,
    options: { document?: Document } = {},
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const owner = options.document ?? document
    const root = target ?? owner.createDocumentFragment()
    const isInline = fragment.firstChild?.isInline === true
    append(root, isInline ? htmlOfInline(fragment) : htmlOfBlocks(inWholeTable(fragment)), owner)
    return root
  }
}

export const clipboardParser: DOMParser = new ClipboardParser(schema, [])
export const clipboardSerializer: DOMSerializer = new ClipboardSerializer({}, {})

/**
 * The same HTML with its styles in another attribute. A strict Content-Security-Policy reports every `style` that is made
 * an attribute of an element, also of one in a document that is never shown; so this is done with the text.
 */
export function withoutStyles(html: string): string {
  return html
    .replaceAll(/<style\b[^>]*>[\s\S]*?(?:<\/style\s*>|$)/gi, '')
    .replaceAll(/<[a-z](?:"[^"]*"|'[^']*'|[^'"<>])*>/gi, (tag) =>
      tag.replaceAll(/"[^"]*"|'[^']*'|(?<=[\s/"'])style(?=\s*=)/gi, (part) =>
        part.toLowerCase() === 'style' ? STYLE_COPY : part,
      ),
    )
}

/** What is copied, as plain text: with the markers of lists, unless it is from within one paragraph. */
export function clipboardText(slice: Slice): string {
  const content = inWholeTable(withoutOuterCell(slice).content)
  const only = content.childCount === 1 ? content.firstChild : null
  return only?.isTextblock ? only.textContent : textOfBlocks(content)
}

/** Plain text as paragraphs, a line each, that go on as the paragraph does that they are pasted into. */
export function sliceFromText(text: string, $context: ResolvedPos): Slice {
  const attributes = attributesAfter($context.parent.attrs)
  const marks = $context.marks().filter((mark) => mark.type !== schema.marks.link)
  const lines = text.replace(/(?:\r\n?|\n)$/, '').split(/\r\n?|\n/)
  const blocks = lines.map((line) =>
    schema.nodes.paragraph.create({ ...attributes }, line === '' ? null : schema.text(line, marks)),
  )
  return new Slice(Fragment.from(blocks), 1, 1)
}

function append(parent: globalThis.Node, children: readonly HtmlChild[], owner: Document): void {
  for (const child of children) {
    if (typeof child === 'string') {
      parent.appendChild(owner.createTextNode(child))
      continue
    }
    const element = owner.createElement(child.tag)
    for (const [name, value] of Object.entries(child.attributes)) {
      // Unlike the attribute, this is allowed under a strict Content-Security-Policy.
      if (name === 'style') element.style.cssText = value
      else element.setAttribute(name, value)
    }
    append(element, child.children, owner)
    parent.appendChild(element)
  }
}
