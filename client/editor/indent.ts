import { chainCommands } from 'prosemirror-commands'
import type { Command } from 'prosemirror-state'
import { indentLines } from './code-commands.ts'
import { changeIndent } from './paragraph-commands.ts'

/** Moves the selected lines of code, or else the selected paragraphs, by one step. */
export function indent(by: 1 | -1): Command {
  return chainCommands(indentLines(by), changeIndent(by))
}
