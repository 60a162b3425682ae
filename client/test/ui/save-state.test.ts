// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EditorEvent } from '../../ui/editor.ts'
import { CodraftSaveState } from '../../ui/save-state.ts'
import { StubEditor } from './stub-editor.ts'

customElements.define('codraft-save-state', CodraftSaveState)

describe('the save state on the page', () => {
  let editor: StubEditor
  let element: CodraftSaveState

  beforeEach(async () => {
    editor = new StubEditor()
    element = new CodraftSaveState()
    element.editor = editor
    document.body.append(element)
    await element.updateComplete
  })
  afterEach(() => element.remove())

  /** Resolves when the element has drawn what its editor tells. */
  const told = async (event: EditorEvent): Promise<void> => {
    editor.tell(event)
    await element.updateComplete
  }
  const status = (): Element => {
    const found = [...element.renderRoot.querySelectorAll('[role=status]')]
    expect(found).toHaveLength(1)
    return found[0] ?? element
  }
  const retryButton = (): HTMLButtonElement | null => element.renderRoot.querySelector('button')

  it('is in one element with the role status, with nothing around its words', async () => {
    expect(status().textContent).toBe('Connecting…')
    expect(status().getAttribute('data-save-state')).toBe('reconnecting')
    editor.saveState = { kind: 'unsaved', unsaved: 2 }
    await told('save-state')
    expect(status().textContent).toBe('Not saved: 2 changes')
    expect(status().getAttribute('data-save-state')).toBe('unsaved')
  })

  it('says when everything was last saved', async () => {
    expect(status().hasAttribute('title')).toBe(false)
    editor.savedAt = new Date(2026, 10, 20, 14, 3, 22)
    await told('save-state')
    expect(status().getAttribute('title')).toContain(editor.savedAt.toLocaleTimeString())
  })

  it('offers to retry only after an attempt has failed', async () => {
    expect(retryButton()).toBeNull()
    editor.connectionStatus = { kind: 'connecting', attempt: 1 }
    await told('connection')
    retryButton()?.click()
    expect(editor.calls).toEqual(['retry'])
    editor.connectionStatus = { kind: 'synced', hello: null }
    await told('connection')
    expect(retryButton()).toBeNull()
  })

  it('is not connected where the document was refused', async () => {
    editor.problem = { kind: 'outdated', message: '', advice: '', reload: true }
    editor.saveState = { kind: 'saved', unsaved: 0 }
    await told('problem')
    expect(status().textContent).toBe('Not connected')
  })

  it('is drawn no more once the element has left the page', async () => {
    element.remove()
    editor.saveState = { kind: 'saving', unsaved: 1 }
    await told('save-state')
    expect(status().textContent).toBe('Connecting…')
  })
})
