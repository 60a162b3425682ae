import { createEditor } from './create-editor.ts'
import { checkChrome, checkTheme } from './editor-options.ts'
import type { Editor, EditorEvent, EditorEvents, EditorUser, Theme } from './ui/editor.ts'
import { shareStyles, styleRootOf } from './ui/shared-styles.ts'

/** What `<codraft-editor>` sends when its editor tells something: `codraft-` and the event's name, the value in `detail`. */
export type CodraftEditorEvents = {
  [Event in EditorEvent as `codraft-${Event}`]: CustomEvent<EditorEvents[Event]>
} & {
  /** An attribute has an illegal value: what `createEditor` threw. */
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

/**
 * `<codraft-editor server document name color theme chrome label placeholder>`: an editor of the named document, on the
 * page for as long as the element is. The attributes are `createEditor`'s options, `name` and `color` those of its `user`.
 *
 * Another server, document, chrome, label or placeholder makes another editor; another name, colour or theme does not.
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

  /** The server of elements without the attribute; null: the page's origin. */
  static defaultServer: string | null = null

  #editor: Editor | null = null
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
    this.#create()
  }

  disconnectedCallback(): void {
    this.#isOnPage = false
    this.#close()
    this.#releaseStyles?.()
  }

  attributeChangedCallback(name: string, previous: string | null, value: string | null): void {
    if (previous === value || !this.#isOnPage || this.#queued) return
    const editor = this.#editor
    if (editor !== null && (name === 'name' || name === 'color'))
      this.#try(() => editor.setUser(this.#user()))
    else if (editor !== null && name === 'theme') this.#try(() => editor.setTheme(this.#theme()))
    else this.#createSoon()
  }

  /** Several attributes that change together make one new editor. */
  #createSoon(): void {
    this.#queued = true
    queueMicrotask(() => {
      this.#queued = false
      if (this.#isOnPage) this.#create()
    })
  }

  #create(): void {
    this.#close()
    const documentName = this.getAttribute('document')
    if (documentName === null) return
    this.#try(() => {
      const server = this.getAttribute('server') ?? CodraftEditor.defaultServer
      const editor = createEditor(this, {
        document: documentName,
        user: this.#user(),
        theme: this.#theme(),
        chrome: checkChrome(this.getAttribute('chrome') ?? 'full'),
        label: this.getAttribute('label') ?? 'Document',
        placeholder: this.getAttribute('placeholder') ?? '',
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
    this.#editor?.close()
    this.#editor = null
  }

  #user(): Partial<EditorUser> {
    const name = this.getAttribute('name')
    const color = this.getAttribute('color')
    return { ...(name !== null && { name }), ...(color !== null && { color }) }
  }

  #theme(): Theme {
    return checkTheme(this.getAttribute('theme') ?? 'auto')
  }

  /** An attribute with an illegal value is told as an error of the page's, and as an event: nobody is there to catch it. */
  #try(change: () => void): void {
    try {
      change()
    } catch (error) {
      this.dispatchEvent(new CustomEvent('codraft-error', { detail: error }))
      reportError(error)
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'codraft-editor': CodraftEditor
  }
  interface HTMLElementEventMap extends CodraftEditorEvents {}
}
