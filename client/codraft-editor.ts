import type { FormName } from './collaboration/bind-document.ts'
import { createEditor } from './create-editor.ts'
import { checkChrome, checkForm, checkTheme } from './editor-options.ts'
import type { Chrome, Editor, EditorEvent, EditorEvents, EditorUser, Theme } from './ui/editor.ts'
import { shareStyles, styleRootOf } from './ui/shared-styles.ts'

/** What `<codraft-editor>` sends when its editor tells something: `codraft-` and the event's name, the value in `detail`. */
export type CodraftEditorEvents = {
  [Event in EditorEvent as `codraft-${Event}`]: CustomEvent<EditorEvents[Event]>
} & {
  /** An attribute has an illegal value: what `createEditor` threw. Or changes were lost after all: see `CodraftEditor`. */
  'codraft-error': CustomEvent<unknown>
}

const elementStyles = ':where(codraft-editor) { display: block; }'

const forwarded: readonly EditorEvent[] = [
  'save-state',
  'connection',
  'people',
  'ready',
  'change',
  'update',
  'problem',
]

/** Where an editor's document is. */
interface Source {
  readonly server: string | null
  readonly documentName: string | null
}

/** The attributes that another value makes no other editor for. */
const applied: readonly string[] = ['name', 'theme', 'chrome', 'label', 'placeholder']

/**
 * `<codraft-editor server document form name color theme chrome label placeholder>`: an editor of the named document, on the
 * page for as long as the element is. The attributes are `createEditor`'s options, `name` and `color` those of its `user`.
 *
 * Another server or document makes another editor, for which the `form` counts; all else is changed in the one that is there, and being moved on the
 * page changes nothing. Nothing unsaved is dropped silently: an editor whose element was taken away, or shows another
 * document, goes on unseen until all is saved, and leaving the page warns; if the server then refuses it for good,
 * `codraft-error` and an error of the page's say how many changes of which document were lost.
 */
export class CodraftEditor extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [
    'server',
    'document',
    'name',
    'color',
    'theme',
    'chrome',
    'label',
    'placeholder',
  ]

  /** Makes the elements of the page with this name editors; a name that is taken stays as it is. */
  static define(): void {
    if (customElements.get('codraft-editor') === undefined) {
      customElements.define('codraft-editor', CodraftEditor)
    }
  }

  /** The server of elements without the attribute; null: the page's origin. */
  static defaultServer: string | null = null

  #editor: Editor | null = null
  /** The server and the document that the editor was made for. */
  #source: Source = { server: null, documentName: null }
  #stops: (() => void)[] = []
  #releaseStyles: (() => void) | null = null
  /** Between the callbacks: attributes are told before the first one, when `isConnected` may be true already. */
  #isOnPage = false
  #queued = false

  /** The editor; null while the element is on no page, and while an attribute is wrong. */
  get editor(): Editor | null {
    return this.#editor
  }

  connectedCallback(): void {
    this.#isOnPage = true
    this.#releaseStyles = shareStyles(styleRootOf(this), elementStyles)
    if (this.#editor === null) this.#create()
  }

  disconnectedCallback(): void {
    this.#isOnPage = false
    this.#releaseStyles?.()
    // Whoever moves it on the page takes it off first.
    queueMicrotask(() => {
      if (!this.#isOnPage) this.#close()
    })
  }

  attributeChangedCallback(name: string, previous: string | null, value: string | null): void {
    if (previous === value || this.#queued) return
    const editor = this.#editor
    if (editor !== null && name !== 'server' && name !== 'document')
      this.#try(() => this.#apply(editor, name))
    else if (editor !== null || this.#isOnPage) this.#createSoon()
  }

  /** Several attributes that change together make one new editor, or none if they are as they were in the end. */
  #createSoon(): void {
    this.#queued = true
    queueMicrotask(() => {
      this.#queued = false
      if (!this.#isOnPage) return
      const editor = this.#editor
      if (editor === null || !isSame(this.#source, this.#sourceNow())) this.#create()
      else for (const name of applied) this.#try(() => this.#apply(editor, name))
    })
  }

  #sourceNow(): Source {
    return {
      server: this.getAttribute('server') ?? CodraftEditor.defaultServer,
      documentName: this.getAttribute('document'),
    }
  }

  #apply(editor: Editor, name: string): void {
    switch (name) {
      case 'name':
      case 'color':
        editor.setUser(this.#user())
        break
      case 'theme':
        editor.setTheme(this.#theme())
        break
      case 'chrome':
        editor.setChrome(this.#chrome())
        break
      case 'label':
        editor.setLabel(this.#label())
        break
      case 'placeholder':
        editor.setPlaceholder(this.#placeholder())
        break
    }
  }

  #create(): void {
    this.#close()
    this.#source = this.#sourceNow()
    const { server, documentName } = this.#source
    if (documentName === null) return
    this.#try(() => {
      const editor = createEditor(this, {
        document: documentName,
        form: this.#form(),
        user: this.#user(),
        theme: this.#theme(),
        chrome: this.#chrome(),
        label: this.#label(),
        placeholder: this.#placeholder(),
        ...(server !== null && { server: new URL(server, document.baseURI) }),
      })
      this.#editor = editor
      this.#stops = forwarded.map((event) =>
        editor.on(event, (detail) => this.dispatchEvent(new CustomEvent(`codraft-${event}`, { detail }))),
      )
    })
  }

  #close(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
    const editor = this.#editor
    if (editor === null) return
    this.#editor = null
    const { documentName } = this.#source
    editor.on('connection', ({ kind }) => {
      const { unsaved } = editor.saveState
      if ((kind !== 'ended' && kind !== 'closed') || unsaved === 0) return
      this.#report(new Error(`${unsaved} changes of the document ${JSON.stringify(documentName)} were lost`))
    })
    editor.closeWhenSaved()
  }

  #user(): Partial<EditorUser> {
    const name = this.getAttribute('name')
    const color = this.getAttribute('color')
    return { ...(name !== null && { name }), ...(color !== null && { color }) }
  }

  #form(): FormName {
    return checkForm(this.getAttribute('form') ?? 'text')
  }

  #theme(): Theme {
    return checkTheme(this.getAttribute('theme') ?? 'auto')
  }

  #chrome(): Chrome {
    return checkChrome(this.getAttribute('chrome') ?? 'full')
  }

  #label(): string {
    return this.getAttribute('label') ?? 'Document'
  }

  #placeholder(): string {
    return this.getAttribute('placeholder') ?? ''
  }

  /** An attribute with an illegal value is told as an error of the page's, and as an event: nobody is there to catch it. */
  #try(change: () => void): void {
    try {
      change()
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    this.dispatchEvent(new CustomEvent('codraft-error', { detail: error }))
    reportError(error)
  }
}

function isSame(one: Source, other: Source): boolean {
  return one.server === other.server && one.documentName === other.documentName
}

declare global {
  interface HTMLElementTagNameMap {
    'codraft-editor': CodraftEditor
  }
  interface HTMLElementEventMap extends CodraftEditorEvents {}
}
