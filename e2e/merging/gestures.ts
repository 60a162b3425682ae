import type { Person } from '../support/person.ts'

/** A place in the text: so many characters into a word. */
export type Place = readonly [word: string, offset: number]

/** Somebody cannot do what they wanted to, since the page has no control for it. */
export class NotOfferedError extends Error {
  override readonly name = 'NotOfferedError'
}

/** Selects from one place to another, as a mouse does; `from` alone is the caret. */
export async function select(person: Person, from: Place, to: Place = from): Promise<void> {
  await person.text.evaluate(
    async (editor, places) => {
      // The text of the editor, and of each piece where it begins.
      const pieces: { node: Text; start: number }[] = []
      let text = ''
      const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (!(node instanceof Text) || node.parentElement?.isContentEditable !== true) continue
        pieces.push({ node, start: text.length })
        text += node.data
      }
      const [start, end] = places.map(([word, offset]) => {
        const index = text.indexOf(word)
        if (index < 0) throw new Error(`There is no ${word} in ${text}`)
        const position = index + offset
        // At the border of two pieces it is the one that holds the word's nearer character.
        const wanted = offset === word.length ? position - 1 : position
        const piece = pieces.findLast((each) => each.start <= wanted)
        if (!piece) throw new Error(`There is no text at ${position}`)
        return [piece.node, position - piece.start] as const
      })
      if (!start || !end) return
      if (editor instanceof HTMLElement) editor.focus()
      const selection = getSelection()
      const changed = new Promise((resolve) => {
        document.addEventListener('selectionchange', resolve, { once: true })
        // Nothing is told if the selection was there already.
        setTimeout(resolve, 50)
      })
      selection?.setBaseAndExtent(start[0], start[1], end[0], end[1])
      await changed
    },
    [from, to] as const,
  )
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
