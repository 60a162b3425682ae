import { dropCursor } from 'prosemirror-dropcursor'
import { gapCursor } from 'prosemirror-gapcursor'
import type { Plugin } from 'prosemirror-state'
import type { Action } from './action.ts'
import { blockRulesAtEnter } from './block-rules.ts'
import { browserHistory } from './browser-history.ts'
import type { ActionContext } from './create-actions.ts'
import { find } from './find/find-plugin.ts'
import { gapKeys } from './gap-keys.ts'
import { goIntoTable } from './tables/go-into-table.ts'
import { typingRules } from './input-rules.ts'
import { actionKeys, codeKeys, tabKeys, writingKeys } from './keys.ts'
import { drop } from './clipboard/drop.ts'
import { dropFiles } from './clipboard/drop-files.ts'
import { trackLinkTarget } from './links/link-target.ts'
import { selectClickedImages } from './image-view.ts'
import { openLinks } from './links/open-links.ts'
import { redrawParagraphs } from './paragraph-view.ts'
import { paste } from './clipboard/paste.ts'
import { placeholder } from './placeholder.ts'
import { tableEditing } from './tables/table-editing.ts'

/** What the editor's plugins need from above. */
export interface EditorPluginContext {
  /** All that have keys. */
  readonly actions: readonly Action[]
  readonly history: Pick<ActionContext['history'], 'undo' | 'redo'>
  /** What an empty document shows; empty for nothing. */
  readonly placeholder: () => string
  /** Somebody has come into the text by Tab; false once they have left, or done something there. */
  readonly onTabbedIn?: (isIn: boolean) => void
}

/** The plugins of an editor, for one view each, to be put before the binding's, so that their keys win. */
export function createEditorPlugins(context: EditorPluginContext): readonly Plugin[] {
  return [
    tabKeys(context.onTabbedIn),
    codeKeys(),
    actionKeys(context.actions),
    gapKeys(),
    goIntoTable(),
    tableEditing(),
    blockRulesAtEnter(),
    ...typingRules(),
    writingKeys(),
    browserHistory(context.history),
    redrawParagraphs(),
    trackLinkTarget(),
    openLinks(),
    selectClickedImages(),
    dropFiles(),
    drop(),
    paste(),
    placeholder(context.placeholder),
    find(),
    dropCursor({ color: false, class: 'codraft-drop-cursor', width: 2 }),
    gapCursor(),
  ]
}
