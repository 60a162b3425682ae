import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import {
  importDocument,
  usualFragment,
  type ImportedDocument,
  type ImportSource,
} from '../../import/index.ts'
import { schema } from '../../schema/schema.ts'

/** A node of another editor, as `a('heading', { level: 2 }, 'Text')`; strings are texts. */
export function a(
  type: string,
  attributes: Readonly<Record<string, unknown>>,
  ...content: readonly (Y.XmlElement | Y.XmlText | string)[]
): Y.XmlElement {
  // Yjs lets attributes be anything, and its types say that they are strings.
  const element = new Y.XmlElement<Record<string, never>>(type)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as never)
  element.insert(
    0,
    content.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : child)),
  )
  return element
}

/** A node without attributes. */
export function n(type: string, ...content: readonly (Y.XmlElement | Y.XmlText | string)[]): Y.XmlElement {
  return a(type, {}, ...content)
}

/** A text with these marks, as y-prosemirror writes them. */
export function marked(text: string, marks: Readonly<Record<string, unknown>>): Y.XmlText {
  const xml = new Y.XmlText()
  xml.insert(0, text, marks)
  return xml
}

/** The update of a document with these nodes in the source's usual fragment. */
export function updateOf(source: ImportSource, ...nodes: readonly Y.XmlElement[]): Uint8Array {
  const doc = new Y.Doc()
  doc.getXmlFragment(usualFragment(source)).insert(0, [...nodes])
  return Y.encodeStateAsUpdate(doc)
}

/** What becomes of these nodes: the blocks, and what is lost, as `callout ×3: kept as paragraphs`. */
export function imported(source: ImportSource, ...nodes: readonly Y.XmlElement[]): Imported {
  return inWords(importDocument(updateOf(source, ...nodes), source))
}

interface Imported {
  readonly blocks: readonly unknown[]
  readonly losses: readonly string[]
}

/** An import in a form that tests can compare. */
export function inWords({ document, losses }: ImportedDocument): Imported {
  document.check()
  return {
    blocks: document.children.map((block) => block.toJSON() as unknown),
    losses: losses.map(({ kind, count, outcome }) => `${kind} ×${count}: ${outcome}`),
  }
}

/** A file that a real editor's own code has written; see `README.md` there. */
export function fixture(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)))
}

/** A code block of ours. */
export function codeBlock(language: string | null, text: string): Node {
  return schema.node('code_block', { language }, text === '' ? [] : [schema.text(text)])
}

/** An image of ours, with its caption. */
export function image(attributes: Readonly<Record<string, unknown>>, caption = ''): Node {
  return schema.node('image', attributes, caption === '' ? [] : [schema.text(caption)])
}

/** A table of ours, by rows. */
export function table(...rows: readonly (readonly Node[])[]): Node {
  return schema.node(
    'table',
    null,
    rows.map((cells) => schema.node('table_row', null, cells)),
  )
}

/** A cell of ours. */
export function td(attributes: Readonly<Record<string, unknown>>, ...blocks: readonly Node[]): Node {
  return schema.node('table_cell', attributes, blocks)
}

/** A cell of ours that is a heading. */
export function th(attributes: Readonly<Record<string, unknown>>, ...blocks: readonly Node[]): Node {
  return schema.node('table_header', attributes, blocks)
}
