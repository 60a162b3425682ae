import * as Y from 'yjs'

/** The name of the shared text. */
export const TEXT_NAME = 'text'

/** The name of the shared map that says how a document is kept. */
export const FORM_NAME = 'codraft'

/** The version of the text form that this code writes. */
export const TEXT_VERSION = 1

/** How a document is kept, and in which version of that; empty if nothing has been written into it yet. */
export type DocumentForm =
  { readonly form: 'text' | 'xml'; readonly version: number } | { readonly form: 'empty' }

/** Tells the form of a document that has been loaded; writes nothing, and makes no shared type. */
export function documentForm(doc: Y.Doc): DocumentForm {
  const stated = ownEntries(doc.share.get(FORM_NAME))
  const { form, version } = stated
  if (form === 'text' || form === 'xml') {
    return {
      form,
      version: typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 1,
    }
  }
  const names = [...doc.share].flatMap(([name, type]) => (hasContent(type) ? [name] : []))
  // Which name comes first differs from peer to peer.
  if (names.includes(TEXT_NAME)) return { form: 'text', version: TEXT_VERSION }
  return names.some((name) => name !== FORM_NAME) ? { form: 'xml', version: 1 } : { form: 'empty' }
}

/** The text of a document in the text form. */
export function textOf(doc: Y.Doc): Y.Text {
  return doc.getText(TEXT_NAME)
}

/**
 * Makes an empty document one of the text form, with one empty paragraph. Every client that does it writes the same
 * bytes, so that a document that is seeded twice, or offline by several, is seeded once.
 */
export function seed(doc: Y.Doc, origin?: unknown): void {
  Y.applyUpdate(doc, SEED, origin)
}

/**
 * Written by client 0: the first marker, an empty map in `text`, and in `codraft` the entries `form` and `version`. For
 * ever these bytes: what was written into documents refers to them.
 */
const SEED = Uint8Array.from([
  1, 3, 0, 0, 7, 1, 4, 116, 101, 120, 116, 1, 40, 1, 7, 99, 111, 100, 114, 97, 102, 116, 4, 102, 111, 114,
  109, 1, 119, 4, 116, 101, 120, 116, 40, 1, 7, 99, 111, 100, 114, 97, 102, 116, 7, 118, 101, 114, 115, 105,
  111, 110, 1, 125, 1, 0,
])

type SharedType = Y.Doc extends { share: Map<string, infer Type> } ? Type : never

function ownEntries(type: SharedType | undefined): Readonly<Record<string, unknown>> {
  if (type === undefined) return {}
  const entries: Record<string, unknown> = {}
  // oxlint-disable-next-line eslint/no-underscore-dangle -- doc.getMap() would make the type, or throw if it is another
  for (const [key, item] of type._map) {
    const [value]: readonly unknown[] = item.deleted ? [] : item.content.getContent()
    entries[key] = value
  }
  return entries
}

function hasContent(type: SharedType): boolean {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- see above
  return type._start !== null || type._map.size > 0
}
