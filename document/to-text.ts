import type { Fragment, Node } from 'prosemirror-model'
import { MAX_INDENT, readParagraphAttributes, type ParagraphAttributes } from './paragraph-attributes.ts'

/** The document as plain text: a line for each block, with the marks of its lists as people write them by hand. */
export function documentToText(doc: Node): string {
  return textOfBlocks(doc.content)
}

/** Blocks as plain text: two spaces for each indent, then `- `, `1. ` or `[ ] ` before list items. */
export function textOfBlocks(blocks: Fragment): string {
  const lines: string[] = []
  // The last number given out at each level of the list that is open.
  const numbers = Array.from({ length: MAX_INDENT + 1 }, () => 0)
  blocks.forEach((node) => {
    if (node.type.name !== 'paragraph') {
      numbers.fill(0)
      lines.push('---')
      return
    }
    const attributes = readParagraphAttributes(node.attrs)
    const { list, indent } = attributes
    numbers.fill(0, list === 'ordered' ? indent + 1 : indent)
    if (list === 'ordered') numbers[indent] = (numbers[indent] ?? 0) + 1
    lines.push('  '.repeat(indent) + listMarker(attributes, numbers[indent] ?? 0) + node.textContent)
  })
  return lines.join('\n')
}

function listMarker({ list, checked }: ParagraphAttributes, number: number): string {
  switch (list) {
    case 'bullet':
      return '- '
    case 'ordered':
      return `${number}. `
    case 'task':
      return checked ? '[x] ' : '[ ] '
    case null:
      return ''
  }
}
