import type { SaveState } from '../collaboration/connection.ts'

/** What the chip says in a save state. Before the first sync nothing has been lost that one could *re*connect to. */
export function saveStateWords(state: SaveState, synced: boolean): string {
  switch (state.kind) {
    case 'saved':
      return synced ? 'Saved' : 'Loading…'
    case 'saving':
      return 'Saving…'
    case 'reconnecting':
      return synced ? 'Reconnecting…' : 'Connecting…'
    case 'unsaved':
      return `Not saved: ${state.unsaved} ${state.unsaved === 1 ? 'change' : 'changes'}`
  }
}
