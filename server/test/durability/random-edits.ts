import type * as Y from 'yjs'
import type { Random } from '../../../e2e/merging/random.ts'

/** From this length on a text is cut, so that a long run does not become one about large documents. */
const LONGEST_TEXT = 60_000
const LONGEST_PASTE = 20_000

/** Does one of the things that people do to a text. */
export function editAtRandom(doc: Y.Doc, random: Random): void {
  const text = doc.getText('text')
  const at = random.below(text.length + 1)
  const length = Math.min(1 + random.below(12), text.length - at)
  const what = random.below(20)
  if (text.length > LONGEST_TEXT) text.delete(0, LONGEST_TEXT / 2)
  else if (what === 0) text.insert(at, `${random.below(1e9)} `.repeat(1 + random.below(LONGEST_PASTE / 10)))
  else if (what === 1) doc.getMap('map').set(`key ${random.below(5)}`, random.below(1e6))
  else if (what <= 5 && length > 0) text.delete(at, length)
  else if (what <= 8 && length > 0) text.format(at, length, { bold: random.chance(0.5) ? true : null })
  else text.insert(at, `${random.below(1e6)}`)
}
