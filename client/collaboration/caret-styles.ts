/** The style sheet of what `createCaretOverlay` draws. */
export const caretStyles = `
.codraft-carets {
  position: absolute;
  /* Of some size, to be measured where the page is scaled, and above, where it gives nothing to scroll to. */
  top: -100px;
  left: 0;
  width: 100px;
  height: 100px;
  z-index: 1;
  pointer-events: none;
  user-select: none;
}
.codraft-selection-part {
  position: absolute;
  background: var(--codraft-person-color);
  opacity: 0.25;
}
.codraft-caret {
  position: absolute;
  width: 2px;
  margin-left: -1px;
  background: var(--codraft-person-color);
  /* The colours are dark ones: on a dark sheet a light edge shows them. */
  box-shadow: 0 0 0 1px light-dark(transparent, rgb(255 255 255 / 55%));
}
.codraft-caret-flag {
  position: absolute;
  bottom: 100%;
  left: 0;
  width: max-content;
  box-sizing: border-box;
  max-width: 130px;
  padding: 1px 5px;
  overflow: hidden;
  border-radius: 3px 3px 3px 0;
  background: var(--codraft-person-color);
  color: var(--codraft-person-ink);
  font: 600 12px/1.4 system-ui, sans-serif;
  text-overflow: ellipsis;
  unicode-bidi: isolate;
  white-space: nowrap;
  opacity: 0;
  transition: opacity 0.2s;
}
.codraft-caret[data-side="below"] .codraft-caret-flag {
  top: 100%;
  bottom: auto;
  border-radius: 0 3px 3px 3px;
}
.codraft-caret[data-toward="left"] .codraft-caret-flag {
  right: 0;
  left: auto;
  border-radius: 3px 3px 0 3px;
}
.codraft-caret[data-toward="left"][data-side="below"] .codraft-caret-flag {
  border-radius: 3px 0 3px 3px;
}
.codraft-caret[data-moved] .codraft-caret-flag,
.codraft-caret[data-near] .codraft-caret-flag {
  opacity: 0.92;
}
@media (prefers-reduced-motion: reduce) {
  .codraft-caret-flag {
    transition: none;
  }
}
@media (forced-colors: active) {
  .codraft-caret,
  .codraft-selection-part,
  .codraft-caret-flag {
    forced-color-adjust: none;
  }
}
@media print {
  .codraft-carets {
    display: none;
  }
}
`
