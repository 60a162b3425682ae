import { css } from 'lit'

/**
 * The design's tokens, for a shadow root's `:host` and for the app's `:root`. A page sets `--codraft-accent` and its
 * like on the editor's element or above it; what it leaves alone follows `color-scheme`.
 *
 * Space goes in steps of 4 px; text is 13 px in chrome, 16 px in the document.
 */
export const tokens = css`
  :host,
  :root {
    --_font: var(--codraft-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_accent: var(--codraft-accent, light-dark(#2457c5, #8fb4ff));
    --_on-accent: var(--codraft-on-accent, light-dark(#ffffff, #0f1b33));
    --_accent-soft: var(--codraft-accent-soft, light-dark(#e3ebfb, #2a3a5c));
    --_text: var(--codraft-text, light-dark(#1c1e21, #e6e8eb));
    --_text-muted: var(--codraft-text-muted, light-dark(#5c626a, #a2a9b2));
    --_surface: var(--codraft-surface, light-dark(#ffffff, #1e2125));
    --_canvas: var(--codraft-canvas, light-dark(#f3f4f6, #131518));
    --_hover: var(--codraft-hover, light-dark(#eef0f3, #2b2f35));
    --_border: var(--codraft-border, light-dark(#dfe2e6, #353a41));
    --_border-strong: var(--codraft-border-strong, light-dark(#878e97, #7d858f));
    --_good: var(--codraft-good, light-dark(#1e7a46, #6fce98));
    --_bad: var(--codraft-bad, light-dark(#b3261e, #ff9d94));
    --_bad-soft: var(--codraft-bad-soft, light-dark(#fdeceb, #43211f));
    --_radius: var(--codraft-radius, 6px);
    --_shadow: 0 1px 2px light-dark(rgb(16 24 40 / 8%), rgb(0 0 0 / 40%));
    --_shadow-raised:
      0 8px 24px light-dark(rgb(16 24 40 / 14%), rgb(0 0 0 / 55%)),
      0 1px 3px light-dark(rgb(16 24 40 / 10%), rgb(0 0 0 / 45%));
  }
`
