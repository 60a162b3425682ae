import { tokens } from '../ui/tokens.ts'

/** Gives the page the editor's tokens. */
export function adoptTokens(): void {
  const { styleSheet } = tokens
  if (styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, styleSheet]
}
