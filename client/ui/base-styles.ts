import { css } from 'lit'

/** What all parts of the chrome share: boxes, text, buttons, icons, and how focus is shown. */
export const baseStyles = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :host {
    color: var(--_text);
    font: 400 13px/1.4 var(--_font);
    -webkit-font-smoothing: antialiased;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  .icon {
    flex: none;
    width: 18px;
    height: 18px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-width: 32px;
    height: 32px;
    margin: 0;
    padding: 0 7px;
    border: 0;
    border-radius: var(--_radius);
    background: transparent;
    color: inherit;
    font: inherit;
    white-space: nowrap;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:hover {
    background: var(--_hover);
  }
  button[aria-pressed='true'],
  button[aria-expanded='true'] {
    background: var(--_accent-soft);
    color: var(--_accent);
  }
  button[aria-disabled='true'] {
    background: transparent;
    color: var(--_text-muted);
    opacity: 0.55;
    cursor: default;
  }
  button.primary {
    padding: 0 12px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 500;
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  @media (pointer: coarse) {
    button {
      min-width: 40px;
      height: 40px;
    }
  }
  @media (forced-colors: active) {
    button[aria-pressed='true'],
    button[aria-expanded='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    button[aria-disabled='true'] {
      color: GrayText;
      opacity: 1;
    }
    :focus-visible,
    button:is([aria-pressed], [aria-expanded]):focus-visible {
      outline: 3px solid CanvasText;
      outline-offset: 1px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`
