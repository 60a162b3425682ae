import { Plugin } from 'prosemirror-state'
import type { Binding } from '../collaboration/binding.ts'

/** Undo and redo from the browser's own menus, or a phone's gestures, take back this client's steps like the keys do. */
export function browserHistory(history: Pick<Binding, 'undo' | 'redo'>): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        beforeinput(_, event) {
          if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false
          event.preventDefault()
          if (event.inputType === 'historyUndo') history.undo()
          else history.redo()
          return true
        },
      },
    },
  })
}
