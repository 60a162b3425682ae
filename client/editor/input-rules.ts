import { InputRule, inputRules } from 'prosemirror-inputrules'
import { Plugin, type EditorState, type Transaction } from 'prosemirror-state'
import { readParagraphAttributes, schema, type ParagraphAttributes } from '../../document/index.ts'
import { blockRules } from './block-rules.ts'
import { addressInText } from './links/link-address.ts'
import { isCode } from './text-kinds.ts'

const linkRule = new InputRule(
  /(?:^|[\s(])((?:https?:\/\/|www\.)\S+)\s$/,
  (state, [, text = ''], _, end) => linkAddress(state, text, end - 1),
  { inCodeMark: false },
)

/** Makes a link of an address that ends here; null if it is none, or is a link already. */
function linkAddress(state: EditorState, text: string, end: number): Transaction | null {
  const address = withoutPunctuation(text)
  const href = addressInText(address)
  const from = end - text.length
  const to = from + address.length
  if (href === null || state.doc.rangeHasMark(from, to, schema.marks.link)) return null
  return state.tr.addMark(from, to, schema.marks.link.create({ href }))
}

/** The punctuation after an address belongs to the sentence, but for a parenthesis that is closed in the address. */
function withoutPunctuation(text: string): string {
  let address = text
  for (;;) {
    const last = address.at(-1) ?? ''
    const isOpen = last === ')' && address.split('(').length >= address.split(')').length
    if (last === '' || isOpen || !`.,;:!?)"'»”`.includes(last)) return address
    address = address.slice(0, -1)
  }
}

/** What Enter makes a link of: the address that the caret is behind. */
function linkBeforeCaret(state: EditorState): Transaction | null {
  const { $from, empty } = state.selection
  if (!empty || isCode($from.parent) || $from.marks().some(({ type }) => type === schema.marks.code))
    return null
  const before = $from.parent.textBetween(0, $from.parentOffset, null, '\ufffc')
  const [, text = ''] = /(?:^|[\s(])((?:https?:\/\/|www\.)\S+)$/.exec(before) ?? []
  return text === '' ? null : linkAddress(state, text, $from.pos)
}

/**
 * What turns into formatting when typed at the start of a paragraph: `# ` to `###### `, `> `, `- ` or `* `, `1. `, `[ ] `
 * and `[x] `; `blockRules`; and what becomes a link: an address, once a space or Enter follows it. Backspace right after it, and undo,
 * takes the formatting back and leaves what was typed.
 */
export function typingRules(): readonly Plugin[] {
  const rules = inputRules({
    rules: [
      paragraphRule(/^(#{1,6})\s$/, ([, signs = '']) => ({ style: HEADINGS[signs.length - 1] ?? 'normal' })),
      paragraphRule(/^>\s$/, () => ({ style: 'quote' })),
      paragraphRule(/^[-*]\s$/, (_, { list }) => (list === null ? { list: 'bullet' } : null)),
      paragraphRule(/^1[.)]\s$/, (_, { list }) => (list === null ? { list: 'ordered' } : null)),
      paragraphRule(/^\[( ?|[xX])\]\s$/, ([, sign = ''], { list }) =>
        list === 'task' ? null : { list: 'task', checked: sign.toLowerCase() === 'x' },
      ),
      linkRule,
      ...blockRules,
    ],
  })
  const { handleTextInput } = rules.props
  const addresses = new Plugin({
    props: {
      handleKeyDown(view, { key }) {
        const tr = key === 'Enter' && !view.composing ? linkBeforeCaret(view.state) : null
        if (tr) view.dispatch(tr)
        return false
      },
    },
  })
  // All rules end with a space. It is written first, as any other, so that undo has what was typed to go back to.
  rules.props.handleTextInput = function (view, _from, _to, text, typed) {
    if (view.composing || !/^\s$/.test(text)) return false
    view.dispatch(typed())
    const { from: caret } = view.state.selection
    handleTextInput?.call(this, view, caret, caret, '', typed)
    return true
  }
  return [addresses, rules]
}

const HEADINGS = ['heading1', 'heading2', 'heading3', 'heading4', 'heading5', 'heading6'] as const

/** A rule that takes away what matched and sets attributes of its paragraph; null leaves all as it is. */
function paragraphRule(
  match: RegExp,
  attributesFor: (
    match: RegExpMatchArray,
    attributes: ParagraphAttributes,
  ) => Partial<ParagraphAttributes> | null,
): InputRule {
  return new InputRule(
    match,
    (state, found, start, end) => {
      const $start = state.doc.resolve(start)
      if ($start.parent.type !== schema.nodes.paragraph) return null
      const attributes = attributesFor(found, readParagraphAttributes($start.parent.attrs))
      if (attributes === null) return null
      const tr = state.tr.delete(start, end)
      for (const [name, value] of Object.entries(attributes)) {
        if ($start.parent.attrs[name] !== value) tr.setNodeAttribute($start.before(), name, value)
      }
      return tr
    },
    { inCodeMark: false },
  )
}
