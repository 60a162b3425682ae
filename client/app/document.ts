import { inkOn } from '../collaboration/person-color.ts'
import { cleanName } from '../collaboration/person-name.ts'
import { createEditor } from '../create-editor.ts'
import type { Editor } from '../ui/editor.ts'
import { CodraftPeople } from '../ui/people.ts'
import { CodraftSaveState } from '../ui/save-state.ts'
import { CodraftToolbar } from '../ui/toolbar.ts'
import { copyText } from '../ui/copy-text.ts'
import { pageElement } from './page-element.ts'
import { adoptTokens } from './page-styles.ts'
import { addressProblem, documentNameOf } from './pages.ts'
import { rememberDocument } from './recent-documents.ts'
import { createTextStore } from './text-store.ts'
import { rememberVisitorColor, rememberVisitorName, visitorColor, visitorName } from './visitor.ts'

adoptTokens()

const store = createTextStore(() => window.localStorage)

const documentName = documentNameOf(document.baseURI, window.location.href)
if (documentName === null) showIllegalName()
else showDocument(documentName)

function showDocument(name: string): void {
  document.title = `${name} – Codraft`
  const heading = pageElement('name', HTMLHeadingElement)
  heading.textContent = name
  heading.title = name
  const visitor = visitorName(window.location.search, store)
  const color = visitorColor(window.location.search, store)
  const editor = createEditor(pageElement('editor', HTMLElement), {
    server: new URL('.', document.baseURI),
    document: name,
    chrome: 'none',
    label: name,
    placeholder: 'Start writing',
    autofocus: true,
    user: {
      ...(visitor !== null && { name: visitor }),
      ...(color !== null && { color }),
    },
  })
  pageElement('save-state', CodraftSaveState).editor = editor
  pageElement('people', CodraftPeople).editor = editor
  pageElement('toolbar', CodraftToolbar).editor = editor
  editor.on('ready', () => rememberDocument(name, store))
  showVisitor(editor)
  showShare()
}

/** The visitor's own name, with a box to change it. */
function showVisitor(editor: Editor): void {
  const button = pageElement('visitor', HTMLButtonElement)
  const shown = pageElement('visitor-name', HTMLElement)
  const icon = pageElement('visitor-icon', HTMLElement)
  const box = pageElement('visitor-box', HTMLFormElement)
  const input = pageElement('visitor-input', HTMLInputElement)
  const show = (): void => {
    const self = editor.people.find((person) => person.isSelf)
    const name = self?.name ?? ''
    shown.textContent = name
    button.ariaLabel = `Your name: ${name}. Change it`
    button.hidden = name === ''
    if (self) Object.assign(icon.style, { backgroundColor: self.color, color: inkOn(self.color) })
    if (self) rememberVisitorColor(self.color, window.location.search, store)
  }
  editor.on('people', show)
  show()
  box.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return
    input.value = shown.textContent
    input.select()
    input.focus()
  })
  box.addEventListener('submit', (event) => {
    event.preventDefault()
    const name = cleanName(input.value)
    if (name === null) return
    editor.setUser({ name })
    rememberVisitorName(name, store)
    box.hidePopover()
    editor.focus()
  })
}

function showShare(): void {
  const button = pageElement('share', HTMLButtonElement)
  const label = button.textContent
  button.hidden = false
  button.addEventListener('click', () => void share())

  async function share(): Promise<void> {
    // Without the query: a visitor's name is nobody else's.
    const { origin, pathname } = window.location
    const copied = await copyText(origin + pathname)
    button.textContent = copied ? 'Link copied' : 'Copy the address bar'
    window.setTimeout(() => {
      button.textContent = label
    }, 2000)
  }
}

function showIllegalName(): void {
  document.title = 'Codraft'
  pageElement('toolbar-row', HTMLElement).hidden = true
  const message = document.createElement('p')
  message.className = 'message'
  const home = document.createElement('a')
  home.href = './'
  home.textContent = 'Choose another name'
  const problem = addressProblem(document.baseURI, window.location.href)
  message.append(`There is no document at this address. ${problem} `, home, '.')
  pageElement('editor', HTMLElement).append(message)
}
