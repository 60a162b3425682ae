import { alignOf, FILE_ATTRIBUTES, levelOf, wordsOf } from './attributes.ts'
import type { ForeignNode } from './foreign-tree.ts'
import { link, plain } from './marks.ts'
import type { Vocabulary } from './vocabulary.ts'

const cell = { uses: ['colspan', 'rowspan', 'colwidth', 'align'] }

/** Tiptap's StarterKit, of version 2 or 3, and its extensions for tasks, tables, images, alignment and mentions. */
export const tiptap: Vocabulary = {
  fragment: 'default',
  blocks: {
    paragraph: {
      role: 'paragraph',
      attributes: ({ attrs }) => ({ align: alignOf(attrs['textAlign']) }),
      uses: ['textAlign'],
    },
    heading: {
      role: 'paragraph',
      attributes: ({ attrs }) => ({ style: `heading${levelOf(attrs)}`, align: alignOf(attrs['textAlign']) }),
      uses: ['level', 'textAlign'],
    },
    blockquote: { role: 'quote' },
    codeBlock: { role: 'code', uses: ['language'] },
    horizontalRule: { role: 'rule' },
    image: { role: 'image', uses: FILE_ATTRIBUTES },
    bulletList: { role: 'list', list: 'bullet' },
    orderedList: { role: 'list', list: 'ordered', uses: ['start'] },
    listItem: { role: 'item' },
    taskList: { role: 'list', list: 'task' },
    taskItem: { role: 'item', uses: ['checked'] },
    table: { role: 'table' },
    youtube: { role: 'file', uses: FILE_ATTRIBUTES },
    audio: { role: 'file', uses: FILE_ATTRIBUTES },
  },
  inline: {
    image: { role: 'image', uses: FILE_ATTRIBUTES },
    hardBreak: { role: 'text', text: () => '\n' },
    mention: {
      role: 'text',
      text: mentionOf,
      outcome: 'kept as text',
      uses: ['id', 'label', 'mentionSuggestionChar'],
    },
    emoji: { role: 'text', text: ({ attrs }) => `:${wordsOf(attrs['name']) ?? 'emoji'}:`, uses: ['name'] },
  },
  marks: {
    bold: plain('bold'),
    italic: plain('italic'),
    strike: plain('strike'),
    code: plain('code'),
    underline: plain('underline'),
    link,
  },
  row: 'tableRow',
  cells: { tableCell: { isHeader: false, ...cell }, tableHeader: { isHeader: true, ...cell } },
  defaults: { start: 1, colspan: 1, rowspan: 1, target: '_blank' },
  ignored: ['id', 'rel', 'class'],
}

function mentionOf({ attrs }: ForeignNode): string {
  const sign = typeof attrs['mentionSuggestionChar'] === 'string' ? attrs['mentionSuggestionChar'] : '@'
  return sign + (wordsOf(attrs['label']) ?? wordsOf(attrs['id']) ?? '')
}
