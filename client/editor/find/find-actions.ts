import type { Action } from '../action.ts'
import { findNext, findPrevious, replaceAllMatches, replaceMatch } from './find-commands.ts'

/**
 * What finds and replaces. `open` shows the fields for what is looked for, and, if asked for, for what replaces it; all but
 * that can be done while something is looked for.
 */
export function findActions(open: (withReplacement: boolean) => void): readonly Action[] {
  const opening =
    (withReplacement: boolean): Action['run'] =>
    (_state, dispatch) => {
      if (dispatch) open(withReplacement)
      return true
    }
  return [
    { name: 'find', label: 'Find', keys: ['Mod-f'], leavesText: true, run: opening(false) },
    {
      name: 'find-and-replace',
      label: 'Find and replace',
      keys: ['Mod-h', 'Mod-Shift-h'],
      leavesText: true,
      run: opening(true),
    },
    { name: 'find-next', label: 'Next match', keys: ['Mod-g', 'F3'], run: findNext },
    { name: 'find-previous', label: 'Previous match', keys: ['Mod-Shift-g', 'Shift-F3'], run: findPrevious },
    { name: 'replace', label: 'Replace', keys: [], run: replaceMatch },
    { name: 'replace-all', label: 'Replace all', keys: [], run: replaceAllMatches },
  ]
}
