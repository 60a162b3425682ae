import { blockStyles } from './block-styles.ts'
import { eachLevel } from './each-level.ts'
import { matchStyles } from './find/match-styles.ts'
import { listStyles } from './list-styles.ts'
import { tableStyles } from './tables/table-styles.ts'

/**
 * The typography of a document's content, for the tree that holds the editor. Its variables: `--codraft-content-font`,
 * `--codraft-code-font`, `--codraft-content-size` (of normal text, all else follows it), `--codraft-indent` (the width of
 * one), and the colours `--codraft-text`, `--codraft-text-muted`, `--codraft-accent`, `--codraft-border`, `--codraft-hover`,
 * whose defaults follow `color-scheme`.
 */
export const contentStyles = `
.ProseMirror.codraft-content {
  --_text: var(--codraft-text, light-dark(#1c1e21, #e6e8eb));
  --_text-muted: var(--codraft-text-muted, light-dark(#5c626a, #a2a9b2));
  --_accent: var(--codraft-accent, light-dark(#2457c5, #8fb4ff));
  --_border: var(--codraft-border, light-dark(#dfe2e6, #353a41));
  --_hover: var(--codraft-hover, light-dark(#eef0f3, #2b2f35));
  --_step: var(--codraft-indent, 36px);
  position: relative;
  color: var(--_text);
  caret-color: var(--_text);
  font: 400 var(--codraft-content-size, 16px) / 1.5 var(--codraft-content-font, Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
  font-variant-ligatures: none;
  overflow-wrap: anywhere;
  white-space: break-spaces;
  outline: none;
}

.codraft-content [data-style] {
  position: relative;
  margin: 0 0 0.5em;
  padding: 0;
  padding-inline-start: calc(var(--_indent, 0) * var(--_step));
  border: 0;
  font-weight: 400;
}
${eachLevel((level) => `.codraft-content [data-indent='${level}'] { --_indent: ${level}; }`)}

.codraft-content [data-style='title'] { margin: 0 0 0.15em; font-size: 2.36em; line-height: 1.15; letter-spacing: -0.015em; }
.codraft-content [data-style='subtitle'] { margin: 0 0 1em; color: var(--_text-muted); font-size: 1.36em; line-height: 1.3; }
.codraft-content [data-style='heading1'] { margin: 1em 0 0.3em; font-size: 1.82em; font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; }
.codraft-content [data-style='heading2'] { margin: 1em 0 0.3em; font-size: 1.45em; font-weight: 600; line-height: 1.25; }
.codraft-content [data-style='heading3'] { margin: 1em 0 0.25em; font-size: 1.27em; font-weight: 600; line-height: 1.3; }
.codraft-content [data-style='heading4'] { margin: 1em 0 0.25em; font-size: 1.09em; font-weight: 600; }
.codraft-content [data-style='heading5'] { margin: 1em 0 0.25em; font-size: 1em; font-weight: 600; color: var(--_text-muted); }
.codraft-content [data-style='heading6'] { margin: 1em 0 0.25em; font-size: 1em; font-style: italic; color: var(--_text-muted); }
.codraft-content [data-style]:first-child { margin-block-start: 0; }

.codraft-content [data-style='quote'] {
  margin: 0;
  margin-inline-start: calc(var(--_indent, 0) * var(--_step));
  padding-block: 0.15em;
  padding-inline-start: 1em;
  border-inline-start: 3px solid var(--_border);
  color: var(--_text-muted);
}
.codraft-content [data-style='quote'] + :not([data-style='quote']) { margin-block-start: 0.5em; }
.codraft-content :not([data-style='quote']) + [data-style='quote'] { margin-block-start: 0.75em; }

.codraft-content strong { font-weight: 700; }
.codraft-content a { color: var(--_accent); text-decoration: underline; text-underline-offset: 0.15em; }
.codraft-content code {
  padding: 0.1em 0.3em;
  border-radius: 4px;
  background: var(--_hover);
  font: 0.9em var(--codraft-code-font, ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace);
  -webkit-box-decoration-break: clone;
  box-decoration-break: clone;
}
${blockStyles}
${listStyles}
${matchStyles}
${tableStyles}
.codraft-content > .codraft-placeholder::before {
  content: attr(data-placeholder);
  float: inline-start;
  height: 0;
  color: var(--_text-muted);
  pointer-events: none;
}

.codraft-content.ProseMirror-hideselection { caret-color: transparent; }
.codraft-content.ProseMirror-hideselection *::selection { background: transparent; }
.codraft-content .ProseMirror-selectednode { outline: 2px solid var(--_accent); outline-offset: 2px; }
.codraft-content img.ProseMirror-separator { display: inline !important; margin: 0 !important; border: none !important; }
.codraft-drop-cursor { background: light-dark(#2457c5, #8fb4ff); }

.codraft-content .ProseMirror-gapcursor { display: none; position: absolute; pointer-events: none; }
.codraft-content.ProseMirror-focused .ProseMirror-gapcursor { display: block; }
.codraft-content .ProseMirror-gapcursor::after {
  content: '';
  display: block;
  position: absolute;
  top: -2px;
  width: 20px;
  border-block-start: 1px solid var(--_text);
}

@media print {
  .codraft-content > .codraft-placeholder::before { content: none; }
  .codraft-content :is(h1, h2, h3, h4, h5, h6) { break-after: avoid; }
}
`
