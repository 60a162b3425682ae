import type { Person } from '../support/person.ts'

/** A place in the text: so many characters into a word. */
export type Place = readonly [word: string, offset: number]

/** What is selected: all between two places, or nothing with the caret so far through the text, from 0 to less than 1. */
type Wanted = { readonly from: Place; readonly to: Place } | { readonly share: number }

/** Puts the selection somewhere, and resolves when the page has been told of it. Throws if there is no such word. */
export async function putSelection(person: Person, wanted: Wanted): Promise<void> {
  await person.text.evaluate(putInPage, wanted)
}

/** Runs in the page, so it holds all that it needs. */
async function putInPage(editor: Element, wanted: Wanted): Promise<void> {
  type End = readonly [node: Node, offset: number]

  const findPlaces = (places: readonly Place[]): End[] => {
    // The text of the editor, and of each piece where it begins.
    const pieces: { node: Text; start: number }[] = []
    let text = ''
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (!(node instanceof Text) || node.parentElement?.isContentEditable !== true) continue
      pieces.push({ node, start: text.length })
      text += node.data
    }
    return places.map(([word, offset]) => {
      const index = text.indexOf(word)
      if (index < 0) throw new Error(`There is no ${word} in ${text}`)
      const position = index + offset
      // At the border of two pieces it is the one that holds the word's nearer character.
      const sought = offset === word.length ? position - 1 : position
      const piece = pieces.findLast((each) => each.start <= sought)
      if (!piece) throw new Error(`There is no text at ${position}`)
      return [piece.node, position - piece.start] as const
    })
  }

  const findShare = (share: number): End[] => {
    const ends: End[] = []
    const walk = (node: Node): void => {
      if (node instanceof HTMLElement && node.contentEditable === 'false') return
      if (node instanceof Text) {
        for (let offset = 0; offset <= node.length; offset++) ends.push([node, offset])
      } else if (
        node.textContent === '' &&
        node instanceof HTMLElement &&
        /^(P|H\d|BLOCKQUOTE)$/.test(node.tagName)
      ) {
        ends.push([node, 0])
      } else {
        for (const child of node.childNodes) walk(child)
      }
    }
    walk(editor)
    const end = ends[Math.floor(share * ends.length)]
    return end === undefined ? [] : [end, end]
  }

  const [start, end] = 'share' in wanted ? findShare(wanted.share) : findPlaces([wanted.from, wanted.to])
  if (!start || !end) return
  if (editor instanceof HTMLElement) editor.focus()
  const changed = new Promise((resolve) => {
    document.addEventListener('selectionchange', resolve, { once: true })
    // Nothing is told if the selection was there already.
    setTimeout(resolve, 50)
  })
  getSelection()?.setBaseAndExtent(start[0], start[1], end[0], end[1])
  await changed
}
