import { Listeners } from '../../collaboration/listeners.ts'
import type { ConnectionStatus } from '../../collaboration/connection.ts'
import type { DocumentSize } from '../../collaboration/document-size.ts'
import type { Person } from '../../collaboration/presence.ts'
import type { SaveState } from '../../collaboration/save-state.ts'
import type { Editor, EditorEvent, EditorEvents, EditorProblem } from '../../ui/editor.ts'

/** An editor without a text, whose state tests set; its controls draw that once they are told. */
export class StubEditor implements Editor {
  readonly view = null
  readonly actions = []
  readonly calls: string[] = []
  saveState: SaveState = { kind: 'reconnecting', unsaved: 0 }
  savedAt: Date | null = null
  connectionStatus: ConnectionStatus = { kind: 'connecting', attempt: 0 }
  documentSize: DocumentSize | null = null
  people: readonly Person[] = []
  problem: EditorProblem | null = null
  readonly #listeners = new Listeners<EditorEvent>()

  tell(event: EditorEvent): void {
    this.#listeners.tell(event)
  }

  on<Event extends EditorEvent>(event: Event, listener: (value: EditorEvents[Event]) => void): () => void {
    return this.#listeners.add((told) => {
      if (told === event) Reflect.apply(listener, undefined, [])
    })
  }

  retry(): void {
    this.calls.push('retry')
  }

  run(): boolean {
    return false
  }
  canRun(): boolean {
    return false
  }
  isActive(): boolean {
    return false
  }
  setUser(): void {}
  setTheme(): void {}
  setChrome(): void {}
  setLabel(): void {}
  setPlaceholder(): void {}
  focus(): void {}
  getHTML(): string {
    return ''
  }
  close(): void {}
  closeWhenSaved(): void {}
}
