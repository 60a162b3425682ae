import type { NodeSpec } from 'prosemirror-model'
import { readCodeLanguage } from './code-language.ts'

const preformatted: NodeSpec = {
  content: 'inline*',
  group: 'block',
  marks: '_',
  code: true,
  defining: true,
  whitespace: 'pre',
  // So that one can write before the first block and behind the last.
  createGapCursor: true,
}

/** Lines of code, a "\n" between each. It can hold all that a paragraph can, so that a change of kind loses nothing. */
export const codeBlock: NodeSpec = {
  ...preformatted,
  kind: 'code',
  attrs: { language: { default: null } },
  parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
  toDOM: (node) => {
    const language = readCodeLanguage(node.attrs['language'])
    const className = language === null ? {} : { class: `language-${language}` }
    return ['pre', { dir: 'ltr' }, ['code', { ...className, spellcheck: 'false' }, 0]]
  },
}

/** A formula, as the text of its source. */
export const mathBlock: NodeSpec = {
  ...preformatted,
  kind: 'math',
  parseDOM: [{ tag: 'pre[data-math]', preserveWhitespace: 'full', priority: 60 }],
  toDOM: () => [
    'pre',
    { dir: 'ltr', 'data-math': '' },
    ['code', { class: 'language-math', spellcheck: 'false' }, 0],
  ],
}
