import { CodraftEditor } from './codraft-editor.ts'

CodraftEditor.define()

export { CodraftEditor, type CodraftEditorEvents } from './codraft-editor.ts'
