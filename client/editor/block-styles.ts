/** How blocks are drawn that are no paragraphs, and images in lines. */
export const blockStyles = `
.codraft-content hr {
  margin: 1.5em 0;
  border: 0;
  border-block-start: 1px solid var(--_border);
}
.codraft-content hr[data-page-break] {
  display: flex;
  align-items: center;
  gap: 0.75em;
  height: auto;
  overflow: visible;
  border: 0;
  color: var(--_text-muted);
  font-size: 0.75em;
  line-height: 1.5;
}
.codraft-content hr[data-page-break]::before { content: 'Page break'; }
.codraft-content hr[data-page-break]::after {
  content: '';
  flex: 1;
  border-block-start: 1px dashed currentColor;
}

.codraft-content pre {
  margin: 0.75em 0;
  padding: 0.75em 1em;
  border-radius: 6px;
  background: var(--_hover);
  font: 0.9em/1.5 var(--codraft-code-font, ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace);
  tab-size: 4;
  white-space: break-spaces;
}
.codraft-content pre code { display: block; padding: 0; border-radius: 0; background: none; font: inherit; }

.codraft-content figure { margin: 1em 0; }
.codraft-content .codraft-picture { max-width: 100%; border-radius: 2px; }
.codraft-content img.codraft-picture { height: auto; }
.codraft-content figure > .codraft-picture { display: inline-block; vertical-align: top; cursor: default; }
.codraft-content .codraft-no-image,
.codraft-content .codraft-broken-image {
  display: inline-block;
  box-sizing: border-box;
  min-width: 1.6em;
  padding: 0.15em 0.6em;
  border: 1px dashed var(--_border);
  background: var(--_hover);
  color: var(--_text-muted);
  font-size: 0.875em;
}
.codraft-content figure > :is(.codraft-no-image, .codraft-broken-image) { min-width: 12em; padding: 1.5em 1em; text-align: center; }
.codraft-content .codraft-no-image::before { content: attr(aria-label); }
.codraft-content figcaption {
  position: relative;
  margin-block-start: 0.4em;
  color: var(--_text-muted);
  font-size: 0.875em;
}
.codraft-content[contenteditable='true'] figcaption[data-empty]::before {
  content: attr(data-placeholder);
  position: absolute;
  inset-inline: 0;
  opacity: 0.7;
  pointer-events: none;
}
.codraft-content figure.ProseMirror-selectednode { outline: none; }
.codraft-content figure.ProseMirror-selectednode > .codraft-picture { outline: 2px solid var(--_accent); outline-offset: 2px; }

@media print {
  .codraft-content figure { break-inside: avoid; }
  .codraft-content figcaption[data-empty] { display: none; }
  .codraft-content hr[data-page-break] { height: 0; margin: 0; visibility: hidden; break-after: page; }
}
`
