import { Mark, type Schema } from 'prosemirror-model'
import { isRecord } from './plain-value.ts'
import { readableAttributes } from './readable-attributes.ts'

/** The formats in force at a place of a text, by key. Never changed once made: places share them. */
export type Formats = ReadonlyMap<string, unknown>

export const NO_FORMATS: Formats = new Map()

/**
 * The key under which a text has a mark: the name of its type, and for types of which one character may have several
 * marks (comments, suggestions) also which one: `comment:<id>`.
 */
export function keyOfMark(mark: Mark): string {
  const { type } = mark
  if (type.excludes(type)) return type.name
  const id: unknown = mark.attrs['id']
  const own = typeof id === 'string' || typeof id === 'number' ? String(id) : JSON.stringify(mark.attrs)
  return `${type.name}:${own}`
}

/** What a text has under that key. */
export function valueOfMark(mark: Mark): unknown {
  return Object.keys(mark.attrs).length === 0 ? true : { ...mark.attrs }
}

/** The marks that formats stand for. What the schema does not know is not drawn; nor is what another one excludes. */
export function marksOfFormats(formats: Formats, schema: Schema): readonly Mark[] {
  const marks = [...formats].flatMap(([key, value]) => {
    const mark = markOf(key, value, schema)
    return mark === null ? [] : [mark]
  })
  return Mark.setFrom(marks).reduce<readonly Mark[]>((set, mark) => mark.addToSet(set), Mark.none)
}

/** Those of the formats that this schema does not draw; they are nobody's here, and left as they are. */
export function unknownFormats(formats: Formats, schema: Schema): Formats {
  const unknown = [...formats].filter(([key, value]) => value !== null && nameAndId(key, schema) === null)
  return unknown.length === 0 ? NO_FORMATS : new Map(unknown)
}

function markOf(key: string, value: unknown, schema: Schema): Mark | null {
  const known = nameAndId(key, schema)
  if (known === null || value === null || value === undefined || value === false) return null
  const type = schema.marks[known.name]
  const record = isRecord(value) ? value : {}
  const attributes = readableAttributes(type?.spec.attrs, (name) =>
    name === 'id' ? (ownValue(record, name) ?? known.id) : ownValue(record, name),
  )
  return attributes === null ? null : (type?.create(attributes) ?? null)
}

function nameAndId(key: string, schema: Schema): { readonly name: string; readonly id?: string } | null {
  if (Object.hasOwn(schema.marks, key)) return { name: key }
  const colon = key.indexOf(':')
  const name = key.slice(0, Math.max(colon, 0))
  return Object.hasOwn(schema.marks, name) ? { name, id: key.slice(colon + 1) } : null
}

function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
