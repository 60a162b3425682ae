import type { Action } from './action.ts'
import { moveBlocks, type WhereOthersAre } from './move-blocks.ts'

/** What moves the selected blocks among the others. */
export function moveActions(whereOthersAre: WhereOthersAre): readonly Action[] {
  return [
    {
      name: 'move-up',
      label: 'Move up',
      keys: ['Alt-Shift-ArrowUp'],
      run: moveBlocks('up', whereOthersAre),
    },
    {
      name: 'move-down',
      label: 'Move down',
      keys: ['Alt-Shift-ArrowDown'],
      run: moveBlocks('down', whereOthersAre),
    },
  ]
}
