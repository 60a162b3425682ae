import type { SaveState } from '../collaboration/connection.ts'

/** Whether the text is there, is still to come, or will not come. */
export type TextStage = 'loading' | 'open' | 'refused'

/** What the chip says. Before the first sync there is nothing that was saved, or that one could *re*connect to. */
export function saveStateWords(state: SaveState, stage: TextStage): string {
  if (state.reason === 'storage') return 'Not saved – the server cannot write to its disk'
  if (state.kind === 'unsaved') {
    return `Not saved: ${state.unsaved} ${state.unsaved === 1 ? 'change' : 'changes'}`
  }
  if (stage === 'refused') return 'Not connected'
  switch (state.kind) {
    case 'saved':
      return stage === 'open' ? 'Saved' : 'Loading…'
    case 'saving':
      return 'Saving…'
    case 'reconnecting':
      return stage === 'open' ? 'Reconnecting…' : 'Connecting…'
  }
}
