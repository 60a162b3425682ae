/** How tables are drawn: as wide as the text, in columns of equal width unless they have their own; wider ones scroll. */
export const tableStyles = `
.codraft-content .codraft-table {
  margin: 0.75em 0;
  overflow-x: auto;
  overscroll-behavior-x: contain;
}
.codraft-content > .codraft-table:first-child { margin-block-start: 0; }
.codraft-content table {
  width: 100%;
  border-collapse: collapse;
  table-layout: fixed;
}
.codraft-content :is(td, th) {
  position: relative;
  padding: 0.4em 0.6em;
  border: 1px solid light-dark(#c9ced6, #4a515b);
  font-weight: inherit;
  text-align: start;
  vertical-align: top;
}
.codraft-content th { background: var(--_hover); }
.codraft-content th > [data-style='normal'] { font-weight: 600; }
.codraft-content :is(td, th) > [data-style]:first-child { margin-block-start: 0; }
.codraft-content :is(td, th) > [data-style]:last-child { margin-block-end: 0; }
.codraft-content .selectedCell::after {
  content: '';
  position: absolute;
  inset: 0;
  background: color-mix(in srgb, var(--_accent) 18%, transparent);
  pointer-events: none;
}
.codraft-content .codraft-table.ProseMirror-selectednode { outline-offset: -2px; }

@media (forced-colors: active) {
  .codraft-content .selectedCell { outline: 2px solid Highlight; outline-offset: -2px; }
}
@media print {
  .codraft-content .codraft-table { overflow: visible; }
  .codraft-content tr { break-inside: avoid; }
  .codraft-content .selectedCell::after { content: none; }
}
`
