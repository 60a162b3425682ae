import { CodraftEditor } from '../codraft-editor.ts'

// Of a page that loads this file, the server is by default the one that it loaded it from.
CodraftEditor.defaultServer = new URL(/* @vite-ignore */ '.', import.meta.url).href
CodraftEditor.define()

export { createEditor } from '../create-editor.ts'
export { CodraftEditor }
