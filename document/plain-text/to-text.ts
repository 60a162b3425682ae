import type { Fragment, Node } from 'prosemirror-model'
import { readImageAttributes } from '../schema/image-attributes.ts'
import {
  MAX_INDENT,
  readParagraphAttributes,
  type ParagraphAttributes,
} from '../schema/paragraph-attributes.ts'
import { textOfTable } from './table-to-text.ts'

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
      lines.push(node.type.name === 'table' ? textOfTable(node, textOfBlocks) : textOfOtherBlock(node))
      return
    }
    const attributes = readParagraphAttributes(node.attrs)
    const { list, indent } = attributes
    numbers.fill(0, list === 'ordered' ? indent + 1 : indent)
    if (list === 'ordered') numbers[indent] = (numbers[indent] ?? 0) + 1
    lines.push('  '.repeat(indent) + listMarker(attributes, numbers[indent] ?? 0) + textOfInline(node))
  })
  return lines.join('\n')
}

function textOfOtherBlock(node: Node): string {
  switch (node.type.name) {
    case 'rule':
      return '---'
    case 'page_break':
      return '\f'
    case 'image': {
      const caption = textOfInline(node)
      return caption === '' ? textOfImage(node) : `${textOfImage(node)} ${caption}`
    }
    default:
      return textOfInline(node)
  }
}

/** The text of a block, in which images are what is read in their place. */
function textOfInline(node: Node): string {
  return node.textBetween(0, node.content.size, null, textOfImage)
}

function textOfImage({ attrs }: Node): string {
  return `[${readImageAttributes(attrs).alt || 'Image'}]`
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
