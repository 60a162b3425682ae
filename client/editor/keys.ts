import { baseKeymap, chainCommands, pcBaseKeymap } from 'prosemirror-commands'
import { keydownHandler, keymap } from 'prosemirror-keymap'
import { Plugin, type Command } from 'prosemirror-state'
import type { Action, ActionName } from './action.ts'
import { backspace, deleteForward } from './delete.ts'
import { leaveCode } from './code-commands.ts'
import { breakLine, enter } from './enter.ts'
import { indent } from './indent.ts'
import { goToCell } from './tables/table-commands.ts'

/** Their keys are taken even if there is nothing to do, for else the browser would do something of its own. */
const takers: ReadonlySet<ActionName> = new Set(['undo', 'redo', 'move-up', 'move-down'])

/** The keys of actions. */
export function actionKeys(actions: readonly Action[]): Plugin {
  const bindings: Record<string, Command> = {}
  for (const { name, keys, run } of actions) {
    for (const key of keys) {
      const command = takers.has(name) ? chainCommands(run, taken) : run
      // Of two actions with one key, the first that can be done here.
      bindings[key] = chainCommands(bindings[key] ?? none, command)
    }
  }
  return keymap(bindings)
}

/**
 * What Enter, Backspace and Delete do in paragraphs, by whatever keys the platform has for them, and the common keys of
 * ProseMirror for the rest.
 */
export function writingKeys(common: Readonly<Record<string, Command>> = baseKeymap): Plugin {
  const ours = new Map([
    [pcBaseKeymap['Enter'], enter],
    [pcBaseKeymap['Backspace'], backspace],
    [pcBaseKeymap['Delete'], deleteForward],
  ])
  const bindings: Record<string, Command> = {}
  for (const [key, command] of Object.entries(common)) {
    bindings[key] = chainCommands(ours.get(command) ?? none, command)
  }
  return keymap({
    ...bindings,
    // Where there is no task to mark as done, and no page to break.
    'Mod-Enter': enter,
    'Shift-Enter': breakLine,
  })
}

/** The way out of code, which comes before what the same key does elsewhere. */
export function codeKeys(): Plugin {
  return keymap({ 'Mod-Enter': leaveCode })
}

/**
 * Tab and Shift+Tab go from cell to cell, and outside tables change the indent. So that people who only have a keyboard can get out of the text, Escape makes
 * the Tab right after it an ordinary one, which moves the focus; and so is every Tab of somebody who came by Tab, or to
 * whom the page gave the focus, and has done nothing here yet: passing through changes nothing.
 */
export function tabKeys(onTabbedIn: (isIn: boolean) => void = () => {}): Plugin {
  const indentKeys = keydownHandler({
    Tab: chainCommands(goToCell(1), indent(1)),
    'Shift-Tab': chainCommands(goToCell(-1), indent(-1)),
  })
  let leaving = false
  let isPassing = false
  let lastInput: 'none' | 'tab' | 'other' = 'none'
  const onInput = (event: Event): void => {
    if (event instanceof KeyboardEvent && isModifier(event)) return
    lastInput = event instanceof KeyboardEvent && event.key === 'Tab' ? 'tab' : 'other'
  }
  const stay = (): void => {
    isPassing = false
    onTabbedIn(false)
  }
  return new Plugin({
    view({ dom }) {
      const page = dom.ownerDocument
      const inputs = ['keydown', 'pointerdown']
      for (const name of inputs) page.addEventListener(name, onInput, true)
      return {
        destroy() {
          for (const name of inputs) page.removeEventListener(name, onInput, true)
        },
      }
    },
    props: {
      handleKeyDown(view, event) {
        if (event.key === 'Tab' && (leaving || isPassing)) return false
        // Shift is pressed on the way to Shift+Tab.
        if (isModifier(event)) return false
        leaving = event.key === 'Escape'
        if (!leaving) stay()
        return indentKeys(view, event)
      },
      handleDOMEvents: {
        focus() {
          isPassing ||= lastInput !== 'other'
          if (lastInput === 'tab') onTabbedIn(true)
        },
        pointerdown: stay,
        beforeinput: stay,
        blur() {
          leaving = false
          stay()
        },
      },
    },
  })
}

function isModifier({ key }: KeyboardEvent): boolean {
  return ['Shift', 'Control', 'Alt', 'Meta'].includes(key)
}

const taken: Command = () => true
const none: Command = () => false
