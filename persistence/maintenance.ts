import { mkdir, open, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  closeDataFolder,
  DAMAGE_FOLDER,
  isDataFolder,
  openDataFolder,
  repairFormat,
  STORE_FOLDER,
  WITNESS_FILE,
  type DataFolder,
} from './data-folder.ts'
import type { LogEntry } from './document-log.ts'
import { syncFolder } from './durable-files.ts'
import { documentNamesIn } from './document-names.ts'
import type { Row } from './key-value-store.ts'
import { openLevelStore, repairLevelStore } from './level-store.ts'
import { PersistenceError } from './persistence-error.ts'
import { planRepair, type Folding } from './repair-document.ts'
import { surveyRows } from './surveyed-rows.ts'

/** What a data folder holds of a document, in numbers. */
export interface DocumentSurvey {
  readonly documentName: string
  /** Of the last entry ever appended; 0 if that cannot be read. */
  readonly lastSequence: number
  /** Entries that are stored singly, and what their updates take, in bytes. */
  readonly entries: number
  readonly entryBytes: number
  /** The last entry that the snapshot stands for; null if there is none, or it cannot be read. */
  readonly snapshotThrough: number | null
  readonly snapshotBytes: number
  /** What is stored of the past; null if nothing is. */
  readonly history: {
    /** The last entry that its base stands for; 0 without one. */
    readonly begins: number
    readonly segments: number
    readonly entries: number
    /** What the segments take, compressed. */
    readonly bytes: number
    /** What the updates in them take, not compressed. */
    readonly updateBytes: number
  } | null
  /** The time of the first and the last entry that can be read, in milliseconds since 1970; null if there is none. */
  readonly firstTime: number | null
  readonly lastTime: number | null
  /** What all its rows take, in bytes. */
  readonly bytes: number
  /** What keeps the document from being opened; null if nothing does. */
  readonly fault: string | null
  /** What is wrong with its history; null if nothing is. */
  readonly historyFault: string | null
}

/** A document of which LevelDB reads nothing. */
const nothingRead: Omit<DocumentSurvey, 'documentName'> = {
  lastSequence: 0,
  entries: 0,
  entryBytes: 0,
  snapshotThrough: null,
  snapshotBytes: 0,
  history: null,
  firstTime: null,
  lastTime: null,
  bytes: 0,
  fault: null,
  historyFault: null,
}

/** What a data folder takes on disk, in bytes. */
export interface FolderSizes {
  readonly store: number
  readonly witness: number
  /** What earlier starts and repairs have put into `documents.damaged`. */
  readonly setAside: number
}

/** What a repair did. */
export interface RepairReport {
  /** Where the files or rows were put that could not be read; null if nothing was damaged. */
  readonly setAsideIn: string | null
  /** What was done to the folder as a whole, in words. */
  readonly folder: readonly string[]
  readonly documents: readonly { readonly documentName: string; readonly lost: readonly string[] }[]
}

/** The tools of an operator, for a data folder that no server has open. */
export class Maintenance {
  readonly #folder: DataFolder

  private constructor(folder: DataFolder) {
    this.#folder = folder
  }

  /**
   * Opens a data folder. Rejects as `openLevelDocumentLog` does, and with the code `unsupported-format` if there is none;
   * none is made.
   */
  static async open(path: string): Promise<Maintenance> {
    await expectDataFolder(path)
    return new Maintenance(await openDataFolder(path, openLevelStore))
  }

  /** As `DocumentLog.documentNames`. */
  documentNames(): AsyncIterable<string> {
    return documentNamesIn({ read: (action) => action(this.#folder) })
  }

  /** Reads everything of a document, and checks it. */
  async survey(documentName: string): Promise<DocumentSurvey> {
    try {
      return await this.#survey(documentName)
    } catch (error) {
      if (!isDamage(error)) throw error
      return { ...nothingRead, documentName, fault: error.message }
    }
  }

  async #survey(documentName: string): Promise<DocumentSurvey> {
    const { head, snapshot, entries, base, segments, bytes, fault, historyFault, claim } = await surveyRows(
      this.#folder,
      documentName,
    )
    const single = [...entries.values()]
    const folded = segments.flatMap((segment) => segment.entries)
    const times = [...folded, ...single].map(({ time }) => time)
    return {
      documentName,
      lastSequence: head?.lastSequence ?? claim?.lastSequence ?? 0,
      entries: single.length,
      entryBytes: bytesOf(single),
      snapshotThrough: snapshot?.through ?? null,
      snapshotBytes: snapshot?.update.length ?? 0,
      history:
        base === null && segments.length === 0
          ? null
          : {
              begins: base?.through ?? 0,
              segments: segments.length,
              entries: folded.length,
              bytes: segments.reduce((sum, { segment }) => sum + segment.bytes, 0),
              updateBytes: bytesOf(folded),
            },
      firstTime: times.reduce<number | null>((first, time) => Math.min(first ?? time, time), null),
      lastTime: times.reduce<number | null>((last, time) => Math.max(last ?? time, time), null),
      bytes,
      fault,
      historyFault,
    }
  }

  /** Gives back to the file system what deleted rows still take. */
  compactStorage(): Promise<void> {
    return this.#folder.store.compact()
  }

  close(): Promise<void> {
    return closeDataFolder(this.#folder)
  }

  /** How many bytes the files of the data folder take: LevelDB's, the witness, and what was set aside as damaged. */
  static async sizesOnDisk(path: string): Promise<FolderSizes> {
    await expectDataFolder(path)
    const [store, witness, setAside] = await Promise.all(
      [STORE_FOLDER, WITNESS_FILE, DAMAGE_FOLDER].map((name) => sizeOf(join(path, name))),
    )
    return { store: store ?? 0, witness: witness ?? 0, setAside: setAside ?? 0 }
  }

  /**
   * Repairs a data folder such that it and all its documents can be opened, and loses nothing that can be read; once more it
   * finds nothing to do. What is taken out is put beside, in the folder `documents.damaged`, before anything is changed.
   * `stamp` is part of the names of what is put there, as 2026-11-20T18-30-00Z.
   */
  static async repair(path: string, folding: Folding, stamp: string): Promise<RepairReport> {
    await expectDataFolder(path)
    const done: string[] = []
    const aside = join(path, DAMAGE_FOLDER)
    if (await repairFormat(path, join(aside, `format.json.${stamp}`))) done.push('format.json was made anew')
    const copy = join(aside, `documents.${stamp}`)
    let folder = await openOrRepair(path, copy, done)
    try {
      const file = join(aside, `rows.${stamp}.jsonl`)
      let documents: RepairReport['documents']
      try {
        documents = await repairDocuments(folder, folding, file)
      } catch (error) {
        // LevelDB opens with a table that is cut, and fails when it reads it.
        if (!isDamage(error) || done.some((what) => what.startsWith(INDEX_MADE_ANEW))) throw error
        await closeDataFolder(folder)
        folder = await openRepaired(path, copy, done, error)
        documents = await repairDocuments(folder, folding, file)
      }
      const isAside = done.length > 0 || documents.length > 0
      return { setAsideIn: isAside ? aside : null, folder: done, documents }
    } finally {
      await closeDataFolder(folder)
    }
  }
}

async function expectDataFolder(path: string): Promise<void> {
  if (await isDataFolder(path)) return
  throw new PersistenceError('unsupported-format', `There is no Codraft data folder at ${path}`)
}

const INDEX_MADE_ANEW = "LevelDB's index was made anew"

async function repairDocuments(
  folder: DataFolder,
  folding: Folding,
  file: string,
): Promise<RepairReport['documents']> {
  const documents: { documentName: string; lost: readonly string[] }[] = []
  for await (const documentName of documentNamesIn({ read: (action) => action(folder) })) {
    const rows = await surveyRows(folder, documentName)
    const plan = await planRepair(documentName, rows, folding)
    if (plan === null) continue
    await putAside(file, documentName, rows.unreadable, plan.leavesHistory)
    await folder.store.write(plan.changes)
    const { revision, lastSequence } = plan.head
    await folder.witness.add([{ documentName, revision, lastSequence }])
    documents.push({ documentName, lost: plan.lost })
  }
  return documents
}

function isDamage(error: unknown): error is PersistenceError {
  return error instanceof PersistenceError && error.code === 'damaged'
}

/** Opens the folder, if need be after LevelDB has made an index for it anew. */
async function openOrRepair(path: string, copy: string, done: string[]): Promise<DataFolder> {
  try {
    return await openDataFolder(path, openLevelStore)
  } catch (error) {
    if (!isDamage(error)) throw error
    return openRepaired(path, copy, done, error)
  }
}

async function openRepaired(
  path: string,
  copy: string,
  done: string[],
  reason: PersistenceError,
): Promise<DataFolder> {
  await mkdir(dirname(copy), { recursive: true })
  await repairLevelStore(join(path, STORE_FOLDER), copy)
  done.push(`${INDEX_MADE_ANEW} (${reason.message})`)
  return openDataFolder(path, openLevelStore)
}

/** Writes what leaves the store to a file of JSON lines, synced when it resolves. */
async function putAside(
  file: string,
  documentName: string,
  unreadable: readonly Row[],
  entries: readonly LogEntry[],
): Promise<void> {
  const lines = [
    ...unreadable.map(([key, value]) => ({
      document: documentName,
      key: Buffer.from(key).toString('hex'),
      value: Buffer.from(value).toString('base64'),
    })),
    ...entries.map(({ update, ...entry }) => ({
      document: documentName,
      ...entry,
      update: Buffer.from(update).toString('base64'),
    })),
  ]
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a')
  try {
    for (const line of lines) await handle.write(`${JSON.stringify(line)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(dirname(file))
}

/** The size of a file, or of all files in a folder; 0 if there is none. */
async function sizeOf(path: string): Promise<number> {
  try {
    const status = await stat(path)
    if (!status.isDirectory()) return status.size
    const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))))
    return sizes.reduce((sum, size) => sum + size, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}

function bytesOf(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, { update }) => sum + update.length, 0)
}
