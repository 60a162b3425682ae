import { baseKeymap, chainCommands } from 'prosemirror-commands'
import { keydownHandler, keymap } from 'prosemirror-keymap'
import { Plugin, type Command } from 'prosemirror-state'
import type { Action } from './action.ts'
import { backspace, deleteForward } from './delete.ts'
import { breakLine, leaveEmptyParagraph, splitParagraph } from './enter.ts'
import { changeIndent } from './paragraph-commands.ts'

/** The keys of actions. A key of undo or redo is taken even if there is nothing to undo, for else the browser would. */
export function actionKeys(actions: readonly Action[]): Plugin {
  const bindings: Record<string, Command> = {}
  for (const { name, keys, run } of actions) {
    const isHistory = name === 'undo' || name === 'redo'
    for (const key of keys) bindings[key] = isHistory ? chainCommands(run, taken) : run
  }
  return keymap(bindings)
}

/** What Enter, Backspace and Delete do in paragraphs, and the common keys of ProseMirror for the rest. */
export function writingKeys(): readonly Plugin[] {
  const enter = chainCommands(leaveEmptyParagraph, splitParagraph)
  const bindings: Record<string, Command> = {
    Enter: enter,
    // Where there is no task to mark as done.
    'Mod-Enter': enter,
    'Shift-Enter': breakLine,
    Backspace: backspace,
    'Shift-Backspace': backspace,
    'Mod-Backspace': backspace,
    Delete: deleteForward,
    'Mod-Delete': deleteForward,
  }
  return [keymap(bindings), keymap(baseKeymap)]
}

/**
 * Tab and Shift+Tab change the indent. So that people who only have a keyboard can get out of the text, Escape makes
 * the Tab right after it an ordinary one, which moves the focus.
 */
export function tabKeys(): Plugin {
  const indent = keydownHandler({ Tab: changeIndent(1), 'Shift-Tab': changeIndent(-1) })
  let leaving = false
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key === 'Tab' && leaving) return false
        // Shift is pressed on the way to Shift+Tab.
        if (event.key !== 'Shift') leaving = event.key === 'Escape'
        return indent(view, event)
      },
      handleDOMEvents: {
        blur() {
          leaving = false
        },
      },
    },
  })
}

const taken: Command = () => true
