import { css } from 'lit'
import { raised } from './raised.ts'

/** For boxes beside the text with fields in them. */
export const boxStyles = css`
  .box {
    position: fixed;
    inset: auto;
    max-width: min(420px, calc(100vw - 16px));
    margin: 0;
    padding: 4px;
    ${raised}
  }
  input {
    flex: 1;
    width: 260px;
    min-width: 80px;
    height: 32px;
    margin: 0;
    padding: 0 8px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: transparent;
    color: inherit;
    font: inherit;
  }
  input:focus {
    outline: 2px solid var(--_accent);
    outline-offset: -1px;
  }
  input[aria-invalid='true'] {
    border-color: var(--_bad);
  }
  .problem {
    margin: 6px 8px 4px;
    color: var(--_bad);
  }
  @media (pointer: coarse) {
    input {
      height: 40px;
      font-size: 16px;
    }
  }
`
