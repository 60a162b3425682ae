import type { Node } from 'prosemirror-model'
import { BlockReader } from './block-reader.ts'
import { blocknote } from './blocknote.ts'
import { findFragment } from './find-fragment.ts'
import { readForeignTree } from './foreign-tree.ts'
import { loadUpdate } from './load-update.ts'
import { Losses, type Loss } from './losses.ts'
import { tiptap } from './tiptap.ts'
import type { Vocabulary } from './vocabulary.ts'
import { yProsemirror } from './y-prosemirror.ts'

/** The editors whose documents can be imported. */
export const IMPORT_SOURCES = ['y-prosemirror', 'tiptap', 'blocknote'] as const
export type ImportSource = (typeof IMPORT_SOURCES)[number]

const vocabularies: Readonly<Record<ImportSource, Vocabulary>> = {
  'y-prosemirror': yProsemirror,
  tiptap,
  blocknote,
}

/** What was made of another editor's document. */
export interface ImportedDocument {
  readonly document: Node
  /** What of it has no counterpart here. */
  readonly losses: readonly Loss[]
}

/** The fragment that an editor keeps its document in, where nobody has chosen another. */
export function usualFragment(source: ImportSource): string {
  return vocabularies[source].fragment
}

/**
 * Makes a Codraft document of a Yjs update, in either of Yjs's encodings, that holds a whole document of another editor.
 * All its text is kept. Throws an `ImportProblem`.
 */
export function importDocument(
  update: Uint8Array,
  source: ImportSource,
  fragmentName = usualFragment(source),
): ImportedDocument {
  const losses = new Losses()
  const tree = readForeignTree(findFragment(loadUpdate(update), fragmentName), losses)
  const document = new BlockReader(vocabularies[source], losses).read(tree)
  return { document, losses: losses.list() }
}
