import type { Person } from '../support/person.ts'
import { putSelection, type Place } from './put-selection.ts'

/** Somebody cannot do what they wanted to, since the page has no control for it. */
export class NotOfferedError extends Error {
  override readonly name = 'NotOfferedError'
}

/** Selects from one place to another, as a mouse does; `from` alone is the caret. */
export async function select(person: Person, from: Place, to: Place = from): Promise<void> {
  await putSelection(person, { from, to })
}

/** Presses a command's control wherever it is, also in a menu that is closed; the selection stays. */
export async function pressControl(person: Person, action: string): Promise<void> {
  const control = person.control(action).first()
  if ((await control.count()) === 0) throw new NotOfferedError(`There is no control for ${action}`)
  await control.evaluate((element: HTMLElement) => element.click())
}

/** Pastes HTML as a browser hands it over. */
export async function paste(person: Person, html: string): Promise<void> {
  await person.text.evaluate((editor, content) => {
    const data = new DataTransfer()
    data.setData('text/html', content)
    editor.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  }, html)
}

/** Drags the mouse from one cell's word to another's. */
export async function dragOverCells(person: Person, from: string, to: string): Promise<void> {
  const [start, end] = await Promise.all(
    [from, to].map((word) => person.text.locator('td, th').filter({ hasText: word }).boundingBox()),
  )
  if (!start || !end) throw new NotOfferedError(`There are no cells to be dragged over`)
  const { mouse } = person.page
  await mouse.move(start.x + start.width / 2, start.y + start.height / 2)
  await mouse.down()
  await mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 3 })
  await mouse.up()
}
