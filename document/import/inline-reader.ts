import type { Mark, Node } from 'prosemirror-model'
import { schema } from '../schema/schema.ts'
import { fileOf, wordsOf } from './attributes.ts'
import type { ForeignMark, ForeignNode } from './foreign-tree.ts'
import type { Losses } from './losses.ts'
import type { Vocabulary } from './vocabulary.ts'

const DROPPED = 'dropped'

/** Reads what stands in a line: texts with their marks, line breaks, images. */
export class InlineReader {
  readonly #vocabulary: Vocabulary
  readonly #losses: Losses

  constructor(vocabulary: Vocabulary, losses: Losses) {
    this.#vocabulary = vocabulary
    this.#losses = losses
  }

  /** Whether a node can only stand in a line. */
  isInline({ type, text }: ForeignNode): boolean {
    const { inline, blocks } = this.#vocabulary
    return text !== null || (Object.hasOwn(inline, type) && !Object.hasOwn(blocks, type))
  }

  /** A text, or an object in a line, as nodes of ours; of what is unknown the text is kept. */
  read(node: ForeignNode): Node[] {
    const { type, text } = node
    if (text !== null) return [schema.text(text, this.#marksOf(node.marks))]
    const { inline } = this.#vocabulary
    const rule = Object.hasOwn(inline, type) ? inline[type] : undefined
    if (rule === undefined) return this.#readUnknown(node)
    this.noteUnread(node, rule.uses)
    const content = this.#readContent(node)
    if (rule.role === 'image') return [...this.#readImage(node), ...content]
    if (rule.outcome !== undefined) this.#losses.add(type, rule.outcome)
    const words = rule.text(node)
    return words === '' ? content : [schema.text(words), ...content]
  }

  /** Says which attributes of a node, or mark, are not read, and say something. */
  noteUnread({ type, attrs }: ForeignNode | ForeignMark, uses: readonly string[] = []): void {
    const { ignored, defaults } = this.#vocabulary
    for (const [name, value] of Object.entries(attrs)) {
      if (value === null || value === undefined || value === false || value === '') continue
      if (uses.includes(name) || ignored.includes(name)) continue
      if (Object.hasOwn(defaults, name) && defaults[name] === value) continue
      this.#losses.add(`${name} of ${type}`, DROPPED)
    }
  }

  #readContent({ content }: ForeignNode): Node[] {
    return content.flatMap((child) => this.read(child))
  }

  #marksOf(marks: readonly ForeignMark[]): readonly Mark[] {
    const known = this.#vocabulary.marks
    let set: readonly Mark[] = []
    for (const foreign of marks) {
      const rule = Object.hasOwn(known, foreign.type) ? known[foreign.type] : undefined
      const mark = rule?.mark(foreign) ?? null
      if (mark === null) {
        const kind = rule === undefined ? foreign.type : `${foreign.type} to such an address`
        this.#losses.add(kind, 'dropped, its text is kept')
        continue
      }
      this.noteUnread(foreign, rule?.uses)
      if (mark.type.isInSet(set))
        this.#losses.add(`${foreign.type} within another`, 'dropped, its text is kept')
      else set = mark.addToSet(set)
    }
    return set
  }

  #readImage({ type, attrs }: ForeignNode): Node[] {
    const { src, alt, width, height, href } = fileOf(attrs)
    if (src !== null) return [schema.node('inline_image', { src, alt, width, height })]
    this.#losses.add(`${type} that is at no web address`, alt === null ? 'left out' : 'kept as text')
    const marks = href === null ? [] : [schema.mark('link', { href })]
    return alt === null ? [] : [schema.text(alt, marks)]
  }

  #readUnknown(node: ForeignNode): Node[] {
    const nodes = this.#readContent(node)
    const words = nodes.length === 0 ? (wordsOf(node.attrs['label']) ?? wordsOf(node.attrs['text'])) : null
    if (words !== null) nodes.push(schema.text(words))
    this.#losses.add(node.type, nodes.length === 0 ? 'left out' : 'kept as text')
    return nodes
  }
}
