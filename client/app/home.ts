import { nameProblemInWords } from './name-problem.ts'
import { pageElement } from './page-element.ts'
import { adoptTokens } from './page-styles.ts'
import { documentUrl } from './pages.ts'
import { randomName } from './random-name.ts'
import { forgetDocuments, recentDocuments } from './recent-documents.ts'
import { createTextStore } from './text-store.ts'

adoptTokens()

const store = createTextStore(() => window.localStorage)
const form = pageElement('open-document', HTMLFormElement)
const input = pageElement('document-name', HTMLInputElement)
const problem = pageElement('name-problem', HTMLElement)

pageElement('new-document', HTMLButtonElement).addEventListener('click', () => {
  openDocument(randomName((bytes) => crypto.getRandomValues(new Uint8Array(bytes))))
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const name = input.value.trim().normalize('NFC')
  const found = nameProblemInWords(name)
  showProblem(found)
  if (found === null) openDocument(name)
  else input.focus()
})

pageElement('forget', HTMLButtonElement).addEventListener('click', () => {
  forgetDocuments(store)
  showRecent()
  input.focus()
})

// Back from a document, a page that was kept as it was must show that document too.
window.addEventListener('pageshow', showRecent)

input.addEventListener('input', () => showProblem(null))

function openDocument(documentName: string): void {
  window.location.assign(documentUrl(document.baseURI, documentName))
}

function showProblem(found: string | null): void {
  problem.textContent = found ?? ''
  input.ariaInvalid = String(found !== null)
}

function showRecent(): void {
  const section = pageElement('recent', HTMLElement)
  const list = pageElement('recent-list', HTMLUListElement)
  const names = recentDocuments(store)
  section.hidden = names.length === 0
  list.replaceChildren(...names.map(recentItem))
}

function recentItem(name: string): HTMLElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = documentUrl(document.baseURI, name).href
  link.dir = 'auto'
  link.textContent = name
  item.append(link)
  return item
}
