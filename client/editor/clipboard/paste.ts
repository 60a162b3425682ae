import { Slice, type Fragment, type Node } from 'prosemirror-model'
import {
  AllSelection,
  Plugin,
  Selection,
  TextSelection,
  type EditorState,
  type Transaction,
} from 'prosemirror-state'
import { readParagraphAttributes, schema, textOfBlocks } from '../../../document/index.ts'
import { addressInText } from '../links/link-address.ts'
import { setLink } from '../links/link-commands.ts'
import { deleteSelected } from '../delete-selected.ts'
import { acrossTable } from '../tables/selection-across-table.ts'
import { inWholeTable, withoutOuterCell, withoutTables } from '../tables/table-slice.ts'
import { isCode } from '../text-kinds.ts'

/** Pastes blocks as `replaceSelected` does, and what is over a table's border in place of the table; an address that is pasted over a text makes the text a link. */
export function paste(): Plugin {
  return new Plugin({
    props: {
      handlePaste(view, event, slice) {
        const { state } = view
        const address = addressInText(event.clipboardData?.getData('text/plain') ?? '')
        if (address !== null && isWithinParagraph(state) && setLink(address)(state, view.dispatch))
          return true
        const { tr } = state
        if (acrossTable(state.selection) !== null) deleteSelected(tr)
        const isPasted = replaceSelected(tr, slice) !== null
        if (tr.docChanged)
          view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        return isPasted
      },
    },
  })
}

/**
 * Puts blocks in place of the selection. Text that stays keeps what its paragraph is: only where nothing stays before or
 * after the pasted text is the first or the last paragraph what was pasted. Pasting into an empty paragraph is thus
 * exactly what was pasted, but plain text that is pasted into an empty list item or heading takes its form. In a cell, what
 * tables hold is pasted without them.
 *
 * Returns where what was inserted begins, and leaves the caret where it ends. Null, and nothing is changed, if the
 * selection is in no paragraph, or goes over a table's border.
 */
export function replaceSelected(tr: Transaction, slice: Slice): number | null {
  const { selection } = tr
  const { $from, $to } = selection
  const stepsBefore = tr.steps.length
  if (acrossTable(selection) !== null) return null
  const whole = inWholeTable(withoutOuterCell(slice).content)
  const content = $from.depth > 1 ? withoutTables(whole) : whole
  const { firstChild: first, lastChild: last } = content
  if (selection instanceof AllSelection && first) {
    tr.replaceWith(0, tr.doc.content.size, content)
    tr.setSelection(Selection.atEnd(tr.doc))
    return 0
  }
  if (!(selection instanceof TextSelection) || !first || !last || first.isInline) return null
  if ($from.sameParent($to) && isCode($from.parent)) {
    tr.insertText(textOfBlocks(content))
    return $from.pos
  }
  if ($from.sameParent($to) && $from.parent.type === schema.nodes.image) return insertInCaption(tr, content)
  const staysBefore = $from.parentOffset > 0
  const staysAfter = $to.parentOffset < $to.parent.content.size

  if (isLineOfCode(content) && (staysBefore || staysAfter)) return insertInline(tr, first)
  if (!staysBefore && !staysAfter && !(isParagraph(first) && isParagraph(last))) {
    tr.replaceWith($from.before(), $to.after(), content)
    tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.slice(stepsBefore).map($to.after())), -1))
    return $from.before()
  }

  // What was copied as whole paragraphs joins the text like parts of them do.
  const open = new Slice(content, isParagraph(first) ? 1 : 0, isParagraph(last) ? 1 : 0)
  tr.replace($from.pos, $to.pos, open)
  const end = tr.mapping.slice(stepsBefore).map($to.pos)
  const isOne = content.childCount === 1
  if (isParagraph(first) && !staysBefore && !(isOne && staysAfter) && !(isPlain(first) && !staysAfter)) {
    setAttributes(tr, $from.before(), first.attrs)
  }
  const $end = tr.doc.resolve(end)
  if (isParagraph(last) && !isOne && $end.depth > 0) {
    setAttributes(tr, $end.before(), staysAfter && isParagraph($to.parent) ? $to.parent.attrs : last.attrs)
  }
  tr.setSelection(Selection.near(tr.doc.resolve(end), -1))
  return $from.pos
}

/** A caption is one text: what is more goes behind its image. */
function insertInCaption(tr: Transaction, content: Fragment): number {
  const only = content.childCount === 1 ? content.firstChild : null
  if (only?.isTextblock && only.type !== schema.nodes.image) return insertInline(tr, only)
  tr.deleteSelection()
  const end = tr.selection.$from.after()
  tr.insert(end, content)
  tr.setSelection(Selection.near(tr.doc.resolve(end + content.size), -1))
  return end
}

/** The text of a block, in place of the selection in another. */
function insertInline(tr: Transaction, { content }: Node): number {
  const { from, to } = tr.selection
  tr.replaceWith(from, to, content)
  tr.setSelection(TextSelection.create(tr.doc, from + content.size))
  return from
}

/** What is copied from code within a line is a word to go on with, not a block. */
function isLineOfCode(content: Fragment): boolean {
  const only = content.childCount === 1 ? content.firstChild : null
  return only !== null && isCode(only) && !only.textContent.includes('\n')
}

function setAttributes(tr: Transaction, pos: number, attributes: Readonly<Record<string, unknown>>): void {
  const node = tr.doc.nodeAt(pos)
  if (!node || !isParagraph(node)) return
  for (const [name, value] of Object.entries(attributes)) {
    if (node.attrs[name] !== value) tr.setNodeAttribute(pos, name, value)
  }
}

function isWithinParagraph({ selection }: EditorState): boolean {
  const { $from, $to, empty } = selection
  return !empty && $from.sameParent($to) && $from.parent.isTextblock && !isCode($from.parent)
}

function isParagraph(node: Node): boolean {
  return node.type === schema.nodes.paragraph
}

function isPlain(node: Node): boolean {
  const { style, list, indent, align } = readParagraphAttributes(node.attrs)
  return style === 'normal' && list === null && indent === 0 && align === null
}
