import { mkdir, readFile, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compilePreloadLibrary } from '../preload-library.ts'

/**
 * Power cuts for tests: a library loaded into the process under test writes down every sync, rename and removal in a
 * folder (power-cut.c); once the process is killed, `cut` takes back everything that a power cut could have taken.
 *
 * What survives is the least that ext4 in its default mode promises, and what LevelDB relies on:
 *
 * - Of a file's bytes, what it held when its last successful sync began. A file that was never synced is empty.
 * - Of names (files made, renamed, removed), those before the last successful sync of any file or folder: ext4 writes its
 *   journal in order, so a later change of names never survives without an earlier one. Later ones are undone from the
 *   last backwards, a random number of them.
 *
 * Not simulated: bytes changed in place (nobody here does so), garbage in place of bytes that were not synced, and file
 * systems that lose the name of a file that was synced itself.
 */
export interface Power {
  /** To be added to the environment of the process under test. */
  readonly env: Readonly<Record<string, string>>
  /** Cuts the power; the process must be dead. With `torn`, a random part of what was not synced stays instead of none. */
  cut(options: { readonly random: () => number; readonly torn: boolean }): Promise<void>
}

/** Compiles the library into a folder; null if that cannot be done here. */
export function compilePowerCut(folder: string): Promise<string | null> {
  return compilePreloadLibrary(new URL('power-cut.c', import.meta.url), folder)
}

/**
 * Starts to watch a folder, given by its absolute path; what it holds already counts as synced. Its journal is kept beside
 * it, as `<folder>.journal` and `<folder>.journal.saved`, and is replaced by the next call. With `lying`, the disk
 * reports syncs that it does not make.
 */
export async function powerOn(
  library: string,
  folder: string,
  { lying = false }: { readonly lying?: boolean } = {},
): Promise<Power> {
  const journal = `${folder}.journal`
  await rm(`${journal}.saved`, { recursive: true, force: true })
  await mkdir(`${journal}.saved`)
  const present = await Promise.all((await filesIn(folder)).map((file) => stat(file)))
  await writeFile(journal, present.map(({ ino, size }) => `sync ${ino} ${size} 0\n`).join(''))
  return {
    env: {
      LD_PRELOAD: library,
      POWER_CUT_JOURNAL: journal,
      POWER_CUT_FOLDER: folder,
      ...(lying ? { POWER_CUT_LYING: '1' } : {}),
    },
    cut: async ({ random, torn }) => {
      const { sizes, changes, durable } = readJournal(await readFile(journal, 'utf8'))
      const surviving = durable + Math.floor(random() * (changes.length - durable + 1))
      for (const change of changes.slice(surviving).toReversed()) await undo(change, `${journal}.saved`)
      for (const file of await filesIn(folder)) {
        const { ino, size } = await stat(file)
        const synced = Math.min(size, sizes.get(ino) ?? 0)
        await truncate(file, synced + (torn ? Math.floor(random() * (size - synced + 1)) : 0))
      }
    },
  }
}

type NameChange =
  | { readonly is: 'rename'; readonly from: string; readonly to: string; readonly saved: string }
  | { readonly is: 'unlink'; readonly path: string; readonly saved: string }

interface Journal {
  /** The synced size of files by inode, which stays the same whatever their names. */
  readonly sizes: ReadonlyMap<number, number>
  readonly changes: readonly NameChange[]
  /** How many of the changes are on disk for certain. */
  readonly durable: number
}

function readJournal(text: string): Journal {
  const sizes = new Map<number, number>()
  const changes: NameChange[] = []
  let durable = 0
  for (const line of text.split('\n').slice(0, -1)) {
    const space = line.indexOf(' ')
    const rest = line.slice(space + 1)
    switch (line.slice(0, space)) {
      case 'sync': {
        const [inode = 0, size = 0, names = 0] = rest.split(' ').map(Number)
        sizes.set(inode, size)
        durable = Math.max(durable, names)
        break
      }
      case 'rename': {
        const [from = '', to = '', saved = ''] = rest.split('\t')
        changes.push({ is: 'rename', from, to, saved })
        break
      }
      case 'unlink': {
        const [path = '', saved = ''] = rest.split('\t')
        changes.push({ is: 'unlink', path, saved })
        break
      }
      default:
        throw new Error(`The journal of the power cut has the line ${line}`)
    }
  }
  return { sizes, changes, durable }
}

async function undo(change: NameChange, savedFolder: string): Promise<void> {
  const saved = join(savedFolder, change.saved)
  if (change.is === 'unlink') {
    await rename(saved, change.path)
    return
  }
  await rename(change.to, change.from)
  if (change.saved !== '0') await rename(saved, change.to)
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
