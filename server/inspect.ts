import {
  Maintenance,
  openLevelDocumentLog,
  PersistenceError,
  type DocumentSurvey,
  type FolderSizes,
} from '../persistence/index.ts'
import { bytesInWords } from './byte-words.ts'
import type { InspectConfig } from './config.ts'
import { authoredText, type AuthoredText } from './history/authored-text.ts'
import type { Moment } from './history/moment.ts'
import { rebuild } from './history/rebuild.ts'
import { plainTable, withoutControls } from './plain-table.ts'

/** One entry of a document's history, without what it changed. */
interface HistoryLine {
  readonly sequence: number
  readonly time: number
  readonly author: string
  /** How large its update is. */
  readonly bytes: number
}

/** A document as it was at a moment. */
interface TextAtMoment {
  /** The last entry in it. */
  readonly sequence: number
  /** When that was appended, in milliseconds since 1970; null if that is not known. */
  readonly time: number | null
  readonly text: string
  /** Its characters in a row by author and time; `by` is null between blocks. */
  readonly parts: readonly AuthoredText[]
}

/** What `codraft inspect` found, as `--json` prints it. */
export interface Inspection {
  readonly folder: string
  readonly sizes: FolderSizes
  /** What keeps the folder from being read to its end, so that there may be more documents; null if nothing does. */
  readonly fault: string | null
  readonly documents: readonly DocumentSurvey[]
  /** Only if it was asked for. */
  readonly history?: readonly HistoryLine[]
  readonly at?: TextAtMoment
}

/**
 * Looks into a data folder that no server has open. Rejects with a `PersistenceError`, with a `NoSuchDocument`, or with a
 * `NoSuchMoment`.
 */
export async function inspect({
  dataDir,
  documentName,
  at,
  showsHistory,
}: InspectConfig): Promise<Inspection> {
  const sizes = await Maintenance.sizesOnDisk(dataDir)
  const maintenance = await Maintenance.open(dataDir)
  const documents: DocumentSurvey[] = []
  let fault: string | null = null
  try {
    for await (const name of maintenance.documentNames()) {
      if (documentName === null || name === documentName) documents.push(await maintenance.survey(name))
    }
  } catch (error) {
    // Those that were found before are told of all the same.
    if (!(error instanceof PersistenceError) || error.code !== 'damaged') throw error
    fault = error.message
  } finally {
    await maintenance.close()
  }
  documents.sort((a, b) => (a.documentName < b.documentName ? -1 : 1))
  if (documentName === null) return { folder: dataDir, sizes, fault, documents }
  if (documents.length === 0) throw new NoSuchDocument(documentName, dataDir)
  return {
    folder: dataDir,
    sizes,
    fault,
    documents,
    ...(showsHistory ? { history: await historyOf(dataDir, documentName) } : {}),
    ...(at === null ? {} : { at: await textAt(dataDir, documentName, at) }),
  }
}

/** The data folder has no document of this name. */
export class NoSuchDocument extends Error {
  override readonly name = 'NoSuchDocument'

  constructor(documentName: string, dataDir: string) {
    super(`there is no document ${JSON.stringify(documentName)} in ${dataDir}`)
  }
}

async function historyOf(dataDir: string, documentName: string): Promise<HistoryLine[]> {
  const log = await openLevelDocumentLog(dataDir)
  try {
    const lines: HistoryLine[] = []
    for await (const { sequence, time, author, update } of (await log.history(documentName)).entries()) {
      lines.push({ sequence, time, author, bytes: update.length })
    }
    return lines
  } finally {
    await log.close()
  }
}

async function textAt(dataDir: string, documentName: string, moment: Moment): Promise<TextAtMoment> {
  const log = await openLevelDocumentLog(dataDir)
  try {
    const { state, sequence, time } = await rebuild(log, documentName, moment)
    const parts = authoredText(state.doc, state.attribution)
    return { sequence, time, text: parts.map(({ text }) => text).join(''), parts }
  } finally {
    await log.close()
  }
}

/** Whether anything was found damaged. */
export function isDamaged({ fault: ofFolder, documents }: Inspection): boolean {
  return (
    ofFolder !== null || documents.some(({ fault, historyFault }) => fault !== null || historyFault !== null)
  )
}

/** What was found, as lines to read. */
export function inspectionInWords({
  folder,
  sizes,
  fault: ofFolder,
  documents,
  history,
  at,
}: Inspection): string {
  const aside = sizes.setAside === 0 ? '' : `, ${bytesInWords(sizes.setAside)} set aside as damaged`
  const lines = [
    `${folder}: ${bytesInWords(sizes.store + sizes.witness)} on disk${aside}`,
    '',
    ...plainTable(
      ['document', 'last entry', 'not folded', 'snapshot', 'history', 'in all', 'last change', 'damage'],
      documents.map((document) => [
        document.documentName,
        document.lastSequence,
        document.entries,
        bytesInWords(document.snapshotBytes),
        historyInWords(document),
        bytesInWords(document.bytes),
        timeInWords(document.lastTime),
        document.fault !== null ? 'yes' : document.historyFault === null ? 'none' : 'in its history',
      ]),
    ),
  ]
  if (ofFolder !== null) lines.push('', `The folder is damaged, there may be more documents: ${ofFolder}`)
  for (const { documentName, fault, historyFault } of documents) {
    const name = withoutControls(JSON.stringify(documentName))
    if (fault !== null) lines.push('', `${name} is damaged and cannot be opened: ${fault}`)
    if (historyFault !== null) lines.push('', `The history of ${name} is damaged: ${historyFault}`)
  }
  if (history !== undefined) {
    const rows = history.map(({ sequence, time, author, bytes }) => [
      sequence,
      timeInWords(time),
      bytesInWords(bytes),
      author,
    ])
    lines.push('', ...plainTable(['entry', 'time', 'update', 'author'], rows))
  }
  if (at !== undefined) {
    lines.push('', `After entry ${at.sequence}, of ${timeInWords(at.time)}:`, '')
    const rows = at.parts.flatMap(({ text, by }) =>
      by === null && text.trim() === ''
        ? []
        : [[timeInWords(by?.time ?? null), by?.author ?? 'unknown', JSON.stringify(text)]],
    )
    lines.push(...plainTable(['time', 'author', 'text'], rows))
    lines.push('', ...at.text.split('\n').map(withoutControls))
  }
  return lines.join('\n')
}

function historyInWords({ history }: DocumentSurvey): string {
  if (history === null) return 'none'
  const { begins, entries, bytes } = history
  const since = begins === 0 ? '' : `, from ${begins + 1}`
  return `${entries} in ${bytesInWords(bytes)}${since}`
}

function timeInWords(time: number | null): string {
  return time === null ? 'unknown' : new Date(time).toISOString()
}
