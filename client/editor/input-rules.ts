import { InputRule, inputRules } from 'prosemirror-inputrules'
import type { Plugin } from 'prosemirror-state'
import { readParagraphAttributes, schema, type ParagraphAttributes } from '../../document/index.ts'
import { addressInText } from './link-address.ts'

/** The punctuation after an address belongs to the sentence. */
const linkRule = new InputRule(
  /(?:^|[\s(])((?:https?:\/\/|www\.)[^\s]*[^\s.,;:!?)"'»”])([.,;:!?)"'»”]*)\s$/,
  (state, [matched, text = '', punctuation = ''], start, end) => {
    const href = addressInText(text)
    const space = matched.slice(-1)
    const punctuated = start + matched.length - space.length
    const to = punctuated - punctuation.length
    const from = to - text.length
    if (href === null || state.doc.rangeHasMark(from, to, schema.marks.link)) return null
    const { tr } = state
    // An input method has written the space already; a key has not, and it replaces what is selected.
    if (punctuated === end || state.doc.textBetween(punctuated, end) !== space) {
      tr.insertText(space, punctuated, end)
    }
    return tr.addMark(from, to, schema.marks.link.create({ href }))
  },
  { inCodeMark: false },
)

/**
 * What turns into formatting when typed at the start of a paragraph: `# ` to `###### `, `> `, `- ` or `* `, `1. `, `[ ] `
 * and `[x] `; and what becomes a link: an address, once a space follows it. Backspace right after it takes the
 * formatting back and leaves what was typed.
 */
export function typingRules(): Plugin {
  return inputRules({
    rules: [
      paragraphRule(/^(#{1,6})\s$/, ([, signs = '']) => ({ style: HEADINGS[signs.length - 1] ?? 'normal' })),
      paragraphRule(/^>\s$/, () => ({ style: 'quote' })),
      paragraphRule(/^[-*]\s$/, (_, { list }) => (list === null ? { list: 'bullet' } : null)),
      paragraphRule(/^1[.)]\s$/, (_, { list }) => (list === null ? { list: 'ordered' } : null)),
      paragraphRule(/^\[( ?|[xX])\]\s$/, ([, sign = ''], { list }) =>
        list === 'task' ? null : { list: 'task', checked: sign.toLowerCase() === 'x' },
      ),
      linkRule,
    ],
  })
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
