import { FILE_ATTRIBUTES, levelOf } from './attributes.ts'
import { link, plain } from './marks.ts'
import type { Vocabulary } from './vocabulary.ts'

const cell = { uses: ['colspan', 'rowspan', 'colwidth'] }

/** y-prosemirror with the schemas prosemirror-schema-basic and -list, prosemirror-markdown's, and prosemirror-tables. */
export const yProsemirror: Vocabulary = {
  fragment: 'prosemirror',
  blocks: {
    paragraph: { role: 'paragraph' },
    heading: {
      role: 'paragraph',
      attributes: ({ attrs }) => ({ style: `heading${levelOf(attrs)}` }),
      uses: ['level'],
    },
    blockquote: { role: 'quote' },
    code_block: { role: 'code', uses: ['params', 'language'] },
    horizontal_rule: { role: 'rule' },
    image: { role: 'image', uses: FILE_ATTRIBUTES },
    bullet_list: { role: 'list', list: 'bullet' },
    ordered_list: { role: 'list', list: 'ordered', uses: ['order'] },
    list_item: { role: 'item' },
    table: { role: 'table' },
  },
  inline: {
    image: { role: 'image', uses: FILE_ATTRIBUTES },
    hard_break: { role: 'text', text: () => '\n' },
  },
  marks: {
    em: plain('italic'),
    strong: plain('bold'),
    code: plain('code'),
    link,
    underline: plain('underline'),
    strike: plain('strike'),
    strikethrough: plain('strike'),
  },
  row: 'table_row',
  cells: { table_cell: { isHeader: false, ...cell }, table_header: { isHeader: true, ...cell } },
  defaults: { order: 1, colspan: 1, rowspan: 1 },
  ignored: ['tight'],
}
