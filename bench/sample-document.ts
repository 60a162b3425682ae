import type { Node } from 'prosemirror-model'
import { schema } from '../document/index.ts'
import type { Random } from './random.ts'

const WORDS_PER_BLOCK = 60
const BLOCKS_PER_HEADING = 10
const BOLD = 0.1

const syllables = [
  'an',
  'be',
  'cor',
  'da',
  'el',
  'fi',
  'gu',
  'ho',
  'in',
  'ka',
  'lo',
  'mi',
  'no',
  'ra',
  'ter',
  'us',
]

/** A document of so many words, in paragraphs of about 60, every tenth block a heading, every tenth word bold. */
export function sampleDocument(words: number, random: Random): Node {
  const blocks: Node[] = []
  for (let left = words; left > 0;) {
    const isHeading = blocks.length % BLOCKS_PER_HEADING === 0
    const count = Math.min(left, isHeading ? 5 : WORDS_PER_BLOCK - 10 + random.below(21))
    left -= count
    const bold = schema.mark('bold')
    const content = Array.from({ length: count }, (_, i) => {
      const text = i === 0 ? word(random) : ` ${word(random)}`
      return schema.text(text, random.next() < BOLD ? [bold] : [])
    })
    blocks.push(schema.node('paragraph', isHeading ? { style: 'heading2' } : null, content))
  }
  return schema.node('doc', null, blocks)
}

function word(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(syllables)).join('')
}
