import { toBase64, encodeAny } from 'lib0/buffer'
import { digest } from 'lib0/hash/sha256'
import { Mark, type Schema } from 'prosemirror-model'
import { validAttributes } from './valid-attributes.ts'
import { isRecord } from './record.ts'

const HASH_BYTES = 6
const hashedName = /^(.*)--[a-zA-Z0-9+/=]{8}$/

/**
 * The text attribute in which y-prosemirror keeps a mark: its type's name, and for types of which one character may have
 * several marks also a hash of the mark.
 */
export function attributeOfMark(mark: Mark): string {
  return mark.type.excludes(mark.type) ? mark.type.name : `${mark.type.name}--${hash(mark)}`
}

function hash(mark: Mark): string {
  const long = digest(encodeAny(mark.toJSON()))
  const short = long.slice(0, HASH_BYTES)
  for (let i = HASH_BYTES; i < long.length; i++) {
    // In place: y-prosemirror folds the digest into its own beginning.
    short[i % HASH_BYTES] = (short[i % HASH_BYTES] ?? 0) ^ (long[i] ?? 0)
  }
  return toBase64(short)
}

/**
 * The marks that text attributes stand for, those left out that others exclude, which two people at once can bring
 * together. Throws a `RangeError` if the schema does not know one.
 */
export function marksOfAttributes(
  attributes: Readonly<Record<string, unknown>>,
  schema: Schema,
): readonly Mark[] {
  const marks = Object.entries(attributes).map(([attribute, value]) => {
    const name = hashedName.exec(attribute)?.[1] ?? attribute
    const type = schema.marks[name]
    if (type === undefined) throw new RangeError(`There is no mark ${JSON.stringify(name)}`)
    return type.create(validAttributes(isRecord(value) ? value : {}, type.spec.attrs))
  })
  return Mark.setFrom(marks).reduce<readonly Mark[]>((set, mark) => mark.addToSet(set), Mark.none)
}
