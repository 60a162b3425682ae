import type { Fragment, Mark, Node } from 'prosemirror-model'
import { element, type HtmlChild, type HtmlElement } from './html-element.ts'
import { imageElement } from './image-in-html.ts'
import { safeHref } from '../schema/safe-href.ts'

/** Inline content as HTML, its marks nested in the schema's order. A "\n" is a `br`, but in a `pre` it stays one. */
export function htmlOfInline(content: Fragment, isPreformatted = false): HtmlChild[] {
  const root = element('body')
  let open: { mark: Mark; element: HtmlElement }[] = []
  content.forEach((node) => {
    const kept = open.findIndex((entry, index) => !node.marks[index]?.eq(entry.mark))
    open = kept === -1 ? open : open.slice(0, kept)
    for (const mark of node.marks.slice(open.length)) {
      const markElement = elementOfMark(mark)
      ;(open.at(-1)?.element ?? root).children.push(markElement)
      open.push({ mark, element: markElement })
    }
    const target = open.at(-1)?.element ?? root
    if (node.type.name === 'inline_image') target.children.push(imageElement(node.attrs))
    const lines = isPreformatted ? [node.text ?? ''] : (node.text ?? '').split('\n')
    for (const [index, line] of lines.entries()) {
      if (index > 0) target.children.push(element('br'))
      if (line !== '') target.children.push(line)
    }
  })
  return root.children
}

/** What a block's element holds. */
export function blockContent(node: Node): HtmlChild[] {
  const content = htmlOfInline(node.content)
  // The last line break of a block is not shown in HTML: it only keeps an empty last line open.
  const needsBreak = node.content.size === 0 || lineText(node).endsWith('\n')
  return needsBreak ? [...content, element('br')] : content
}

/** Whether a text has blanks that HTML would not show: runs of them, or those at a line's ends. */
export function needsBlanks(node: Node): boolean {
  return /^ | $| {2}|[\t\r\f]|\n | \n/.test(lineText(node))
}

/** A block's text, with a character for each object in it. */
export function lineText(node: Node): string {
  return node.textBetween(0, node.content.size, null, '\ufffc')
}

const TAG_OF_MARK = new Map([
  ['bold', 'strong'],
  ['italic', 'em'],
  ['underline', 'u'],
  ['strike', 's'],
  ['code', 'code'],
])

function elementOfMark(mark: Mark): HtmlElement {
  const href = safeHref(mark.attrs['href'])
  if (href !== null) return element('a', { href })
  return element(TAG_OF_MARK.get(mark.type.name) ?? 'span')
}
