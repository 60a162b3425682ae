import { InputRule } from 'prosemirror-inputrules'
import { Plugin, type EditorState, type Transaction } from 'prosemirror-state'
import { schema } from '../../document/index.ts'

const CODE = /^```([\w+#.-]*)$/
const RULE = /^(?:---|\*\*\*|___)$/

/** What turns into a block when a space is typed behind it at the start of a paragraph: "```", with a language or without, and "---". */
export const blockRules: readonly InputRule[] = [CODE, RULE].map(
  (pattern) =>
    new InputRule(
      new RegExp(`${pattern.source.slice(0, -1)}\\s$`),
      (state, [found], start, end) => blockFrom(state, found.trimEnd(), start, end),
      { inCodeMark: false },
    ),
)

/** The same for Enter, where nothing else is in the paragraph. */
export function blockRulesAtEnter(): Plugin {
  return new Plugin({
    props: {
      handleKeyDown(view, { key, shiftKey, ctrlKey, altKey, metaKey }) {
        if (key !== 'Enter' || shiftKey || ctrlKey || altKey || metaKey || view.composing) return false
        const { $from, empty } = view.state.selection
        if (!empty || $from.parentOffset < $from.parent.content.size) return false
        const tr = blockFrom(view.state, $from.parent.textContent, $from.start(), $from.pos)
        if (tr === null) return false
        view.dispatch(tr.scrollIntoView())
        return true
      },
    },
  })
}

/** Makes a block of what stands between two positions, from a paragraph's start; null if it does not mean one. */
function blockFrom(state: EditorState, text: string, start: number, end: number): Transaction | null {
  const $start = state.doc.resolve(start)
  if ($start.parent.type !== schema.nodes.paragraph || end - start < text.length) return null
  const [isCode, language] = CODE.exec(text) ?? []
  if (isCode !== undefined) {
    const tr = state.tr.delete(start, end)
    return tr.setNodeMarkup($start.before(), schema.nodes.code_block, { language: language || null })
  }
  if (!RULE.test(text)) return null
  return state.tr.delete(start, end).insert($start.before(), schema.node('rule'))
}
