import { documentNameProblem } from '../../protocol/index.ts'
import { pageElement } from './page-element.ts'
import { adoptTokens } from './page-styles.ts'
import { documentUrl } from './pages.ts'
import { randomName } from './random-name.ts'

adoptTokens()

const form = pageElement('open-document', HTMLFormElement)
const input = pageElement('document-name', HTMLInputElement)
const problem = pageElement('name-problem', HTMLElement)

pageElement('new-document', HTMLButtonElement).addEventListener('click', () => {
  open(randomName((bytes) => crypto.getRandomValues(new Uint8Array(bytes))))
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const name = input.value.trim().normalize('NFC')
  const found = documentNameProblem(name)
  showProblem(found)
  if (found === null) open(name)
  else input.focus()
})

input.addEventListener('input', () => showProblem(null))

function open(documentName: string): void {
  window.location.assign(documentUrl(document.baseURI, documentName))
}

function showProblem(found: string | null): void {
  problem.textContent = found === null ? '' : `The document name ${found}.`
  input.ariaInvalid = String(found !== null)
}
