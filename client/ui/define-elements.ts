import { CodraftFindPanel } from './find-panel.ts'
import { CodraftFrame } from './frame.ts'
import { CodraftImageBox } from './image-box.ts'
import { CodraftLinkBox } from './link-box.ts'
import { CodraftPeople } from './people.ts'
import { CodraftSaveState } from './save-state.ts'
import { CodraftToolbar } from './toolbar.ts'

const elements = {
  'codraft-toolbar': CodraftToolbar,
  'codraft-save-state': CodraftSaveState,
  'codraft-people': CodraftPeople,
  'codraft-link-box': CodraftLinkBox,
  'codraft-find-panel': CodraftFindPanel,
  'codraft-image-box': CodraftImageBox,
  'codraft-frame': CodraftFrame,
} as const

/** Defines the elements of the chrome. May be called again; a name that is taken stays as it is. */
export function defineElements(): void {
  for (const [name, element] of Object.entries(elements)) {
    if (customElements.get(name) === undefined) customElements.define(name, element)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'codraft-toolbar': CodraftToolbar
    'codraft-save-state': CodraftSaveState
    'codraft-people': CodraftPeople
    'codraft-link-box': CodraftLinkBox
    'codraft-find-panel': CodraftFindPanel
    'codraft-image-box': CodraftImageBox
    'codraft-frame': CodraftFrame
  }
}
