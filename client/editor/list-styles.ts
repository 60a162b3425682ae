import { MAX_INDENT } from '../../document/index.ts'
import { eachLevel } from './each-level.ts'

const NUMBER_STYLES = ['decimal', 'lower-alpha', 'lower-roman'] as const
const BULLETS = ['•', '◦', '▪'] as const

/**
 * How lists are drawn: the marker hangs before the text. Numbers are CSS counters, one for each level, so they are right
 * after every change, whoever makes it, and cost nothing. A number goes on after deeper items and after paragraphs
 * indented under its item, and begins anew after everything else: as in the document's HTML form.
 *
 * Every block resets the counters for those after it. The element around them must not: browsers then take its
 * counters, and not those of the block before. A table's cell has its own, which its blocks set.
 */
export const listStyles = `
.codraft-content > :is(hr, pre, figure, .codraft-table) { counter-reset: ${counters(0)}; }
.codraft-content :is(td, th) { counter-reset: ${counters(0)}; }
.codraft-content :is(td, th) > :is(hr, pre, figure) { counter-set: ${counters(0)}; }
${eachLevel(
  (level) => `
.codraft-content > [data-indent='${level}'] { counter-reset: ${counters(level)}; }
.codraft-content :is(td, th) > [data-indent='${level}'] { counter-set: ${counters(level)}; }
.codraft-content > [data-list='ordered'][data-indent='${level}'] { counter-reset: ${counters(level + 1)}; }
.codraft-content :is(td, th) > [data-list='ordered'][data-indent='${level}'] { counter-set: ${counters(level + 1)}; }
.codraft-content [data-list='ordered'][data-indent='${level}'] { counter-increment: ${counter(level)}; }
.codraft-content [data-list='ordered'][data-indent='${level}']::before { content: counter(${counter(level)}, ${cycle(NUMBER_STYLES, level)}) '.'; }
.codraft-content [data-list='bullet'][data-indent='${level}']::before { content: '${cycle(BULLETS, level)}'; }`,
)}
.codraft-content [data-list] {
  margin-block-end: 0.2em;
  padding-inline-start: calc((var(--_indent, 0) + 1) * var(--_step));
}
.codraft-content [data-list] + [data-style='normal'][data-indent='0']:not([data-list]) { margin-block-start: 0.5em; }
${['bullet', 'ordered', 'task']
  .map(
    (list) =>
      `.codraft-content [data-list='${list}'] + [data-list][data-indent='0']:not([data-list='${list}']) { margin-block-start: 0.5em; }`,
  )
  .join('\n')}
.codraft-content [data-list]::before,
.codraft-content [data-list] > .codraft-checkbox {
  position: absolute;
  inset-inline-start: calc(var(--_indent, 0) * var(--_step));
  width: calc(var(--_step) - 0.6em);
  text-align: end;
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
  user-select: none;
}
.codraft-content [data-style='quote'][data-list] { padding-inline-start: calc(var(--_step) + 0.5em); }
.codraft-content [data-style='quote'][data-list]::before,
.codraft-content [data-style='quote'][data-list] > .codraft-checkbox { inset-inline-start: 0.5em; }

.codraft-content [data-list] > .codraft-checkbox > input {
  width: 1em;
  height: 1em;
  margin: 0;
  font-size: inherit;
  vertical-align: -0.12em;
  accent-color: var(--_accent);
  cursor: pointer;
}
.codraft-content [data-list] > .codraft-checkbox > input:not(:checked) {
  appearance: none;
  box-sizing: border-box;
  border: 1.5px solid var(--_text-muted);
  border-radius: 0.2em;
}
.codraft-content [data-list] > .codraft-checkbox > input:not(:checked):hover { background: var(--_hover); }
.codraft-content .codraft-task-text { display: block; }
.codraft-content [data-checked='true'] > .codraft-task-text { color: var(--_text-muted); text-decoration: line-through; }
.codraft-content[contenteditable='false'] .codraft-checkbox > input { pointer-events: none; }
`

function counter(level: number): string {
  return `codraft-level-${level}`
}

/** The counters from a level downwards; none below the last. */
function counters(from: number): string {
  const names = Array.from({ length: MAX_INDENT + 1 - from }, (_, index) => counter(from + index))
  return names.length === 0 ? 'none' : names.join(' ')
}

function cycle(values: readonly [string, string, string], level: number): string {
  return values[level % 3] ?? values[0]
}
