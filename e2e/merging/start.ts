/*
 * What both people see before the link between them is paused: the paragraph that they act on between two others, and a
 * table below if one of them acts on it. Every word is there once and is part of no other, so that a word says where it
 * came from; but for `golf`, which is in all three paragraphs, for who replaces it everywhere.
 */

/** The words of the three paragraphs. */
export const FIRST = ['before', 'golf', 'stands'] as const
export const TARGET = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'golf', 'foxtrot'] as const
export const LAST = ['behind', 'golf', 'lies'] as const

/** The word that is in every paragraph. */
export const COMMON = 'golf'

/** A word to each cell: `r2c1` is in the second row's first. */
export const CELLS = [
  ['r1c1', 'r1c2', 'r1c3'],
  ['r2c1', 'r2c2', 'r2c3'],
  ['r3c1', 'r3c2', 'r3c3'],
] as const

/** The starting document as HTML, to be pasted into an empty document. */
export function startHtml(hasTable: boolean): string {
  const paragraphs = [FIRST, TARGET, LAST].map((words) => `<p>${words.join(' ')}</p>`).join('')
  const rows = CELLS.map((row) => `<tr>${row.map((word) => `<td><p>${word}</p></td>`).join('')}</tr>`)
  return hasTable ? `${paragraphs}<table><tbody>${rows.join('')}</tbody></table>` : paragraphs
}
