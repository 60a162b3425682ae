import { equalFlat } from 'lib0/object'
import * as Y from 'yjs'
import { firstItem } from './items.ts'
import type { Formats } from './mark-keys.ts'

/**
 * A place in a text at which to write. It does what `Y.Text`'s methods do, to the byte, but from a place that is known:
 * those take an index and count up to it from the text's beginning, once the text has a format. To be used within one
 * transaction, during which nothing else writes to that text.
 *
 * Lengths are Yjs's: of all that is not deleted and not a format, one for a marker or an embedded object.
 */
export class TextCursor {
  readonly #yTransaction: Y.Transaction
  readonly #text: Y.Text
  readonly #formats: Map<string, unknown>
  #left: Y.Item | null
  #right: Y.Item | null

  /** Right behind an item, null being the text's beginning, where these formats are in force. */
  constructor(yTransaction: Y.Transaction, text: Y.Text, left: Y.Item | null, formats: Formats) {
    this.#yTransaction = yTransaction
    this.#text = text
    this.#formats = new Map(formats)
    this.#left = left
    this.#right = left === null ? firstItem(text) : left.right
  }

  get right(): Y.Item | null {
    return this.#right
  }

  /** The formats in force here. */
  get formats(): Formats {
    return new Map(this.#formats)
  }

  /**
   * Goes right by a width, given that of each item, and stops as soon as it is reached, before deleted items and formats.
   * False if the next live marker or the text's end comes first.
   */
  advance(width: number, widthOf: (item: Y.Item) => number, isEnd: (item: Y.Item) => boolean): boolean {
    let rest = width
    while (rest > 0) {
      const right = this.#right
      if (right === null || isEnd(right)) return false
      const size = widthOf(right)
      if (size > rest)
        Y.getItemCleanStart(this.#yTransaction, Y.createID(right.id.client, right.id.clock + rest))
      rest -= Math.min(size, rest)
      this.#forward()
    }
    return true
  }

  /** Yjs's length of what is between this and a later cursor. */
  lengthTo(end: TextCursor): number {
    let length = 0
    for (let item = this.#right; item !== null && item !== end.#right; item = item.right) {
      if (!item.deleted && item.countable) length += item.length
    }
    return length
  }

  /** Inserts a string or an object with these formats and no others, and goes behind it. */
  insert(content: string | Y.Map<unknown> | Readonly<Record<string, unknown>>, formats: Formats): void {
    const wanted = new Map(formats)
    for (const key of this.#formats.keys()) if (!wanted.has(key)) wanted.set(key, null)
    this.#skipEqualFormats(wanted)
    const negated = this.#beginFormats(wanted)
    this.#put(contentOf(content))
    this.#endFormats(negated)
  }

  /** Sets formats on so much of what follows, null removing one, and goes behind it. */
  format(length: number, formats: Formats): void {
    this.#skipEqualFormats(formats)
    const negated = this.#beginFormats(formats)
    let rest = length
    for (let right = this.#right; right !== null; right = this.#right) {
      const isFormat = right.content instanceof Y.ContentFormat
      if (rest <= 0 && (negated.size === 0 || !(right.deleted || isFormat))) break
      if (!right.deleted && right.content instanceof Y.ContentFormat) {
        const { key, value } = right.content
        const wanted = formats.get(key)
        if (wanted === undefined) {
          this.#formats.set(key, value)
        } else {
          if (isEqual(wanted, value)) negated.delete(key)
          else if (rest === 0) break
          else negated.set(key, value)
          right.delete(this.#yTransaction)
        }
      } else if (!right.deleted) {
        if (rest < right.length) this.#split(right, rest)
        rest -= right.length
      }
      this.#forward()
    }
    this.#endFormats(negated)
  }

  /**
   * Deletes so much of what follows, and the formats in it that then mean nothing. Returns the length of what was spared.
   */
  delete(length: number, isSpared: (item: Y.Item) => boolean = () => false): number {
    const before = new Map(this.#formats)
    const start = this.#right
    this.#forgetIndices()
    let spared = 0
    let rest = length
    for (let right = this.#right; right !== null && rest > 0; right = this.#right) {
      if (!right.deleted && isText(right.content)) {
        if (rest < right.length) this.#split(right, rest)
        rest -= right.length
        if (isSpared(right)) spared += right.length
        else right.delete(this.#yTransaction)
      }
      this.#forward()
    }
    if (start !== null) this.#cleanGap(start, before)
    return spared
  }

  #forward(): void {
    const right = this.#right
    if (right === null) return
    if (!right.deleted && right.content instanceof Y.ContentFormat) {
      const { key, value } = right.content
      if (value === null) this.#formats.delete(key)
      else this.#formats.set(key, value)
    }
    this.#left = right
    this.#right = right.right
  }

  #split(item: Y.Item, length: number): void {
    Y.getItemCleanStart(this.#yTransaction, Y.createID(item.id.client, item.id.clock + length))
  }

  /** Yjs remembers indices of some items, as long as a text has no formats. */
  #forgetIndices(): void {
    // oxlint-disable-next-line eslint/no-underscore-dangle -- as its UndoManager does
    this.#text._searchMarker?.splice(0)
  }

  #put(content: Y.Item['content']): void {
    this.#forgetIndices()
    const { doc } = this.#yTransaction
    const [left, right] = [this.#left, this.#right]
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
    const item = new Y.Item(
      id,
      left,
      left?.lastId ?? null,
      right,
      right?.id ?? null,
      this.#text,
      null,
      content,
    )
    item.integrate(this.#yTransaction, 0)
    this.#right = item
    this.#forward()
  }

  #skipEqualFormats(formats: Formats): void {
    for (let right = this.#right; right !== null; right = this.#right) {
      const { content } = right
      const isEqualFormat =
        content instanceof Y.ContentFormat && isEqual(formats.get(content.key) ?? null, content.value)
      if (!right.deleted && !isEqualFormat) return
      this.#forward()
    }
  }

  /** Returns what the formats that were begun were before, null for nothing. */
  #beginFormats(formats: Formats): Map<string, unknown> {
    const negated = new Map<string, unknown>()
    for (const [key, value] of formats) {
      const current = this.#formats.get(key) ?? null
      if (isEqual(current, value)) continue
      negated.set(key, current)
      this.#put(formatOf(key, value))
    }
    return negated
  }

  #endFormats(negated: Map<string, unknown>): void {
    for (let right = this.#right; right !== null; right = this.#right) {
      const { content } = right
      const ends = content instanceof Y.ContentFormat && isEqual(negated.get(content.key), content.value)
      if (!right.deleted && !ends) break
      if (!right.deleted && content instanceof Y.ContentFormat) negated.delete(content.key)
      this.#forward()
    }
    for (const [key, value] of negated) this.#put(formatOf(key, value))
  }

  /** Deletes, from an item up to the next content, formats that are overwritten there or were in force before. */
  #cleanGap(start: Y.Item, before: ReadonlyMap<string, unknown>): void {
    const last = new Map<string, Y.ContentFormat>()
    let end: Y.Item | null = start
    for (; end !== null && (!end.countable || end.deleted); end = end.right) {
      if (!end.deleted && end.content instanceof Y.ContentFormat) last.set(end.content.key, end.content)
    }
    let isBehind = false
    for (let item: Y.Item | null = start; item !== null && item !== end; item = item.right) {
      if (item === this.#right) isBehind = true
      const { content } = item
      if (item.deleted || !(content instanceof Y.ContentFormat)) continue
      const { key, value } = content
      const old = before.get(key) ?? null
      if (last.get(key) !== content || old === value) {
        item.delete(this.#yTransaction)
        if (!isBehind && (this.#formats.get(key) ?? null) === value && old !== value) {
          if (old === null) this.#formats.delete(key)
          else this.#formats.set(key, old)
        }
      } else if (!isBehind) {
        if (value === null) this.#formats.delete(key)
        else this.#formats.set(key, value)
      }
    }
  }
}

function contentOf(content: string | Y.Map<unknown> | Readonly<Record<string, unknown>>) {
  if (typeof content === 'string') return new Y.ContentString(content)
  return content instanceof Y.Map ? new Y.ContentType(content) : new Y.ContentEmbed(content)
}

function formatOf(key: string, value: unknown): Y.ContentFormat {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- declared as an object; Yjs writes any JSON
  return new Y.ContentFormat(key, value as object)
}

function isText(content: Y.Item['content']): boolean {
  return (
    content instanceof Y.ContentString ||
    content instanceof Y.ContentType ||
    content instanceof Y.ContentEmbed
  )
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && equalFlat(a, b)
}
