import * as Y from 'yjs'
import { firstItem } from './items.ts'

/** A stretch of text in a lasting range, in Yjs's lengths. */
export interface RangePart {
  readonly index: number
  readonly text: string
}

/** The key of a lasting range: what it is (`comment`, `suggestion`) and which one. */
export function rangeKey(name: string, id: string): string {
  return `${name}:${id}`
}

/**
 * Marks so much of a text as a lasting range, from a Yjs index on. It stays with its characters through splits, joins,
 * moves, restyling, and deletion and undo, on every peer. Throws a `RangeError` if there is not so much text.
 */
export function setRange(
  text: Y.Text,
  key: string,
  index: number,
  length: number,
  value: unknown = true,
): void {
  if (index < 0 || length <= 0 || index + length > text.length) {
    throw new RangeError(`Invalid range ${index} + ${length} (in a text of length ${text.length})`)
  }
  text.format(index, length, { [key]: value })
}

/** The stretches of a range, in order: several where it spans blocks or others wrote into it; none if all of it is deleted. */
export function findRange(text: Y.Text, key: string): RangePart[] {
  const parts: RangePart[] = []
  let index = 0
  let isInside = false
  let goesOn = false
  for (let item = firstItem(text); item !== null; item = item.right) {
    const { content } = item
    if (item.deleted) continue
    if (content instanceof Y.ContentFormat) {
      if (content.key === key) isInside = isOn(content.value)
      continue
    }
    const isText = content instanceof Y.ContentString
    const last = parts.at(-1)
    if (isInside && isText && goesOn && last !== undefined) {
      parts[parts.length - 1] = { index: last.index, text: last.text + content.str }
    } else if (isInside && isText) {
      parts.push({ index, text: content.str })
    }
    goesOn = isInside && isText
    if (item.countable) index += item.length
  }
  return parts
}

/** Takes a range off a text, wherever it is by now. */
export function removeRange(text: Y.Text, key: string): void {
  const remove = (): void => {
    for (const { index, text: part } of findRange(text, key).toReversed()) {
      text.format(index, part.length, { [key]: null })
    }
  }
  if (text.doc === null) throw new TypeError('The text belongs to no Y.Doc')
  text.doc.transact(remove)
}

function isOn(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false
}
