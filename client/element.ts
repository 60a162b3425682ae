import { CodraftEditor } from './codraft-editor.ts'

if (customElements.get('codraft-editor') === undefined) customElements.define('codraft-editor', CodraftEditor)

export { CodraftEditor, type CodraftEditorEvents } from './codraft-editor.ts'
