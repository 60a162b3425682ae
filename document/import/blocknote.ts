import type { ListKind, ParagraphAttributes, ParagraphStyle } from '../schema/paragraph-attributes.ts'
import { alignOf, FILE_ATTRIBUTES, levelOf } from './attributes.ts'
import type { ForeignNode } from './foreign-tree.ts'
import { link, plain } from './marks.ts'
import type { BlockRule, Vocabulary } from './vocabulary.ts'

const cell = { uses: ['colspan', 'rowspan', 'colwidth', 'textAlignment'] }
const file: BlockRule = { role: 'file', uses: FILE_ATTRIBUTES }

/** BlockNote's blocks: each in a container of its own, with those that stand under it in a group behind it. */
export const blocknote: Vocabulary = {
  fragment: 'document-store',
  blocks: {
    blockContainer: { role: 'group' },
    blockGroup: { role: 'children' },
    paragraph: paragraph(() => ({})),
    tableParagraph: paragraph(() => ({})),
    heading: paragraph(({ attrs }) => ({ style: `heading${levelOf(attrs)}` as const }), ['level']),
    quote: paragraph(() => ({ style: 'quote' satisfies ParagraphStyle })),
    bulletListItem: item('bullet'),
    numberedListItem: item('ordered'),
    checkListItem: item('task'),
    toggleListItem: { ...item('bullet'), outcome: 'kept as a bullet' },
    codeBlock: { role: 'code', uses: ['language'] },
    divider: { role: 'rule' },
    pageBreak: { role: 'page-break' },
    image: { role: 'image', uses: [...FILE_ATTRIBUTES, 'textAlignment'] },
    file,
    video: file,
    audio: file,
    table: { role: 'table' },
  },
  inline: { hardBreak: { role: 'text', text: () => '\n' } },
  marks: {
    bold: plain('bold'),
    italic: plain('italic'),
    underline: plain('underline'),
    strike: plain('strike'),
    code: plain('code'),
    link,
  },
  row: 'tableRow',
  cells: { tableCell: { isHeader: false, ...cell }, tableHeader: { isHeader: true, ...cell } },
  defaults: {
    textColor: 'default',
    backgroundColor: 'default',
    textAlignment: 'left',
    start: 1,
    colspan: 1,
    rowspan: 1,
    showPreview: true,
    target: '_blank',
  },
  ignored: ['id', 'rel', 'class'],
}

function paragraph(
  attributes: (node: ForeignNode) => Partial<ParagraphAttributes>,
  uses: readonly string[] = [],
): BlockRule {
  return {
    role: 'paragraph',
    attributes: (node) => ({ align: alignOf(node.attrs['textAlignment']), ...attributes(node) }),
    uses: ['textAlignment', ...uses],
  }
}

function item(list: ListKind): BlockRule {
  return paragraph(
    ({ attrs }) => ({ list, checked: list === 'task' && attrs['checked'] === true }),
    ['checked'],
  )
}
