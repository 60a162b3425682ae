import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { importDocument, usualFragment, type ImportSource, type Loss } from '../document/import/index.ts'
import { openLevelDocumentLog } from '../persistence/index.ts'
import type { ImportConfig } from './config.ts'
import { storeImport } from './store-import.ts'

/** What `codraft import` did, as `--json` prints it. */
export interface ImportSummary {
  readonly document: string
  readonly from: ImportSource
  readonly fragment: string
  readonly blocks: number
  readonly words: number
  /** What has no counterpart in a Codraft document, and what became of it. */
  readonly losses: readonly Loss[]
}

/**
 * Makes a document of another editor's file, in a data folder that no server has open. Rejects with an `ImportProblem`,
 * with `DocumentExists`, with a `PersistenceError`, or with Node's error if the file cannot be read; nothing is written
 * then.
 */
export async function importFile(config: ImportConfig): Promise<ImportSummary> {
  const { file, from, dataDir, documentName, fragment = usualFragment(from) } = config
  const update = file === '-' ? await buffer(process.stdin) : await readFile(file)
  const { document, losses } = importDocument(update, from, fragment)
  const log = await openLevelDocumentLog(dataDir)
  try {
    await storeImport(log, documentName, document)
  } finally {
    await log.close()
  }
  const words = document.children.map((block) => wordsIn(block.textBetween(0, block.content.size, ' ')))
  return {
    document: documentName,
    from,
    fragment,
    blocks: document.childCount,
    words: words.reduce((sum, count) => sum + count, 0),
    losses,
  }
}

/** The summary in words, a line for each thing that has no counterpart. */
export function summaryInWords({ document, from, blocks, words, losses }: ImportSummary): string {
  // Names of nodes are the file's: what a terminal would take for orders is not printed.
  const lines = losses.map(
    ({ kind, count, outcome }) => `  ${kind.replaceAll(/\p{Cc}/gu, '\u{fffd}')} ×${count}: ${outcome}`,
  )
  return [
    `Imported ${JSON.stringify(document)} from ${from}: ${counted(blocks, 'block')}, ${counted(words, 'word')}.`,
    losses.length === 0 ? 'Everything in it has a counterpart.' : 'What has no counterpart:',
    ...lines,
  ].join('\n')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

function wordsIn(text: string): number {
  let count = 0
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike === true) count++
  return count
}
