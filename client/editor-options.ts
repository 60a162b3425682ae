import { documentNameProblem } from '../protocol/index.ts'
import type { FormName } from './collaboration/bind-document.ts'
import { isColor } from './collaboration/person-color.ts'
import type { Chrome, EditorUser, Theme } from './ui/editor.ts'

/** What `createEditor` is told. */
export interface EditorOptions {
  /** `http(s)://host[:port][/base-path]` of the Codraft server. Default: this page's origin. */
  readonly server?: string | URL
  /** The document's name: 1 to 200 bytes of UTF-8, see PROTOCOL.md, "Document names". */
  readonly document: string
  /** How others see this client. Default: a made-up guest. */
  readonly user?: Partial<EditorUser>
  /**
   * The form that a new document gets; one that is there keeps its own. `xml` is y-prosemirror's, for co-editing with stock
   * y-prosemirror editors; `text` merges better. Default: `text`.
   */
  readonly form?: FormName
  /** Default: `full`. With `none` the page brings its own controls, `<codraft-toolbar>` and its like or others. */
  readonly chrome?: Chrome
  /** Default: `auto`, the system's. */
  readonly theme?: Theme
  /** The text's accessible name. Default: "Document". */
  readonly label?: string
  /** What an empty document says. Default: nothing. */
  readonly placeholder?: string
  /** Puts the caret into the text as soon as it is there. Default: false. */
  readonly autofocus?: boolean
}

/** The options checked, with their defaults. */
export interface ResolvedOptions {
  /** Without a slash at its end. */
  readonly serverUrl: string
  readonly documentName: string
  readonly user: Partial<EditorUser>
  readonly form: FormName
  readonly chrome: Chrome
  readonly theme: Theme
  readonly label: string
  readonly placeholder: string
  readonly autofocus: boolean
}

const forms: readonly FormName[] = ['text', 'xml']
const chromes: readonly Chrome[] = ['full', 'none']
const themes: readonly Theme[] = ['auto', 'light', 'dark']

/** Throws a `TypeError` for a value of the wrong type and a `RangeError` for one that is not allowed. */
export function resolveOptions(options: EditorOptions, pageOrigin: string): ResolvedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`The editor's options are ${show(options)}, not an object`)
  }
  return {
    serverUrl: checkServer(options.server ?? pageOrigin),
    documentName: checkDocumentName(options.document),
    user: checkUser(options.user ?? {}),
    form: checkForm(options.form ?? 'text'),
    chrome: checkChrome(options.chrome ?? 'full'),
    theme: checkTheme(options.theme ?? 'auto'),
    label: checkString(options.label ?? 'Document', 'label'),
    placeholder: checkString(options.placeholder ?? '', 'placeholder'),
    autofocus: checkBoolean(options.autofocus ?? false, 'autofocus'),
  }
}

/** Checks how others shall see a client; throws as `resolveOptions`. */
export function checkUser(user: Partial<EditorUser>): Partial<EditorUser> {
  if (typeof user !== 'object' || user === null) {
    throw new TypeError(`The option user is ${show(user)}, not an object`)
  }
  const name = user.name === undefined ? {} : { name: checkString(user.name, 'user.name') }
  const color = user.color === undefined ? {} : { color: checkColor(user.color) }
  return { ...name, ...color }
}

/** Throws a `RangeError` if this is no `FormName`. */
export function checkForm(value: string): FormName {
  return oneOf(value, forms, 'form')
}

/** Throws a `RangeError` if this is no `Chrome`. */
export function checkChrome(value: string): Chrome {
  return oneOf(value, chromes, 'chrome')
}

/** Throws a `RangeError` if this is no `Theme`. */
export function checkTheme(value: string): Theme {
  return oneOf(value, themes, 'theme')
}

function checkServer(server: string | URL): string {
  let url: URL
  try {
    url = new URL(server)
  } catch (cause) {
    throw new TypeError(`The option server is ${show(server)}, not an absolute URL`, { cause })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RangeError(`The option server is ${show(server)}; its scheme must be http or https`)
  }
  if (url.search !== '' || url.hash !== '') {
    throw new RangeError(`The option server is ${show(server)}; it may have no query and no fragment`)
  }
  return url.href.replace(/\/+$/, '')
}

function checkDocumentName(name: string): string {
  const problem = documentNameProblem(checkString(name, 'document'))
  if (problem !== null) throw new RangeError(`The document name ${show(name)} ${problem}`)
  return name
}

function checkColor(color: string): string {
  if (!isColor(checkString(color, 'user.color'))) {
    throw new RangeError(`The option user.color is ${show(color)}, not of the form #rrggbb`)
  }
  return color
}

/** Throws a `TypeError` if this is no string. */
export function checkString(value: string, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`The option ${name} is ${show(value)}, not a string`)
  return value
}

function checkBoolean(value: boolean, name: string): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`The option ${name} is ${show(value)}, not a boolean`)
  return value
}

function oneOf<T extends string>(value: string, values: readonly T[], name: string): T {
  checkString(value, name)
  const found = values.find((known) => known === value)
  if (found === undefined) {
    throw new RangeError(`The option ${name} is ${show(value)}, not one of ${values.join(', ')}`)
  }
  return found
}

function show(value: unknown): string {
  return typeof value === 'object' && value !== null && !(value instanceof URL)
    ? Object.prototype.toString.call(value)
    : (JSON.stringify(value) ?? String(value))
}
