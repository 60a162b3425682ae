import type * as Y from 'yjs'
import { NO_FORMATS, type Formats } from './mark-keys.ts'
import { isPlain } from './plain-value.ts'

/** Makes one object of all equal formats, so that what is computed of them is computed once. */
export class FormatStates {
  readonly #states = new Map<string, Formats>([['[]', NO_FORMATS]])
  readonly #steps = new WeakMap<Formats, Map<string, Map<unknown, Formats>>>()

  /** The formats behind a format item, given those before it. */
  after(formats: Formats, { key, value }: Y.ContentFormat): Formats {
    let ofFormats = this.#steps.get(formats)
    if (ofFormats === undefined) this.#steps.set(formats, (ofFormats = new Map()))
    let ofKey = ofFormats.get(key)
    if (ofKey === undefined) ofFormats.set(key, (ofKey = new Map()))
    // Objects are those of the items, one for each format item.
    let next = ofKey.get(value)
    if (next === undefined) ofKey.set(value, (next = this.#with(formats, key, value)))
    return next
  }

  #with(formats: Formats, key: string, value: unknown): Formats {
    const entries = [...formats].filter(([other]) => other !== key)
    if (value !== null) entries.push([key, value])
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    // What is no JSON, or so deep that writing it as text overflows the stack, equals only itself.
    if (!entries.every(([, each]) => isPlain(each))) return new Map(entries)
    const name = JSON.stringify(entries)
    const known = this.#states.get(name)
    if (known !== undefined) return known
    const state = new Map(entries)
    this.#states.set(name, state)
    return state
  }
}
