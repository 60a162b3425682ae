import * as Y from 'yjs'
import { firstItem } from '../../document/text-form/index.ts'
import type { Attribution, Authorship } from './attribution.ts'

/** Consecutive characters by one author at one time. */
export interface AuthoredText {
  readonly text: string
  /** Null for a line feed between two blocks, and where nothing is known. */
  readonly by: Authorship | null
}

/**
 * What can be read in a document, character by character with its author: the text of all blocks in their order, with a
 * line feed between two blocks, in either form that documents have. Inline objects are left out.
 */
export function authoredText(doc: Y.Doc, attribution: Attribution): AuthoredText[] {
  const parts: { text: string; by: Authorship | null }[] = []
  const add = (text: string, by: Authorship | null): void => {
    const last = parts.at(-1)
    if (last !== undefined && last.by?.author === by?.author && last.by?.time === by?.time) last.text += text
    else parts.push({ text, by })
  }
  const addSequence = (start: Y.Item | null): void => {
    for (let item = start; item !== null; item = item.right) {
      if (item.deleted) continue
      const { id, content } = item
      if (content instanceof Y.ContentString) {
        for (let i = 0; i < content.str.length; i++) {
          add(content.str.charAt(i), attribution.of(id.client, id.clock + i))
        }
      } else if (content instanceof Y.ContentType) {
        // In one form it begins a block, in the other it is one, or the text in one.
        const isText = content.type instanceof Y.XmlText
        if (!isText && parts.length > 0) add('\n', null)
        addSequence(firstItem(content.type))
      }
    }
  }
  for (const [, type] of [...doc.share].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    addSequence(firstItem(type))
  }
  return parts
}
