/** How matches are highlighted; the current one by a frame too, for those who see no difference of colour. */
export const matchStyles = `
.codraft-content .codraft-match {
  border-radius: 2px;
  background: light-dark(#fff0a8, #5a4d12);
  color: inherit;
}
.codraft-content .codraft-current-match {
  background: light-dark(#ffc84a, #735600);
  outline: 1.5px solid light-dark(#8a5a00, #ffd873);
}
@media (forced-colors: active) {
  .codraft-content .codraft-match { outline: 1px solid CanvasText; }
  .codraft-content .codraft-current-match { outline: 3px solid Highlight; }
}
@media print {
  .codraft-content .codraft-match { outline: none; background: none; }
}
`
