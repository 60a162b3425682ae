import { css } from 'lit'

/** How what lies over the text looks: declarations, for a rule of a box, a menu, or a list. */
export const raised = css`
  border: 1px solid var(--_border);
  border-radius: 8px;
  background: var(--_surface);
  color: var(--_text);
  box-shadow: var(--_shadow-raised);
`
