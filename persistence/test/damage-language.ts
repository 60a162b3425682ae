import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLevelStore } from '../level-store.ts'

/** The files that a data folder consists of, without LevelDB's lock and its journal of messages. */
export async function filesOf(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  return files
    .filter((file) => file.isFile() && !/^LO(CK|G|G\.old)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .toSorted()
}

/** Flips bits of one byte of a file. */
export async function flip(file: string, at: number, mask: number): Promise<void> {
  const content = await readFile(file)
  content[at] = (content[at] ?? 0) ^ mask
  await writeFile(file, content)
}

/** The kinds of files in a data folder. */
export const kindsOfFiles = [
  { kind: 'LevelDB log', is: /\.log$/ },
  { kind: 'table', is: /\.ldb$/ },
  { kind: 'manifest', is: /MANIFEST/ },
  { kind: 'CURRENT', is: /CURRENT$/ },
  { kind: 'witness', is: /witness$/ },
  { kind: 'format file', is: /format\.json$/ },
]
/** Removes rows behind the log's back. */
export async function removeRows(folder: string, keys: readonly Uint8Array[]): Promise<void> {
  const store = await openLevelStore(join(folder, 'documents'), { create: false })
  await store.write(keys.map((key) => ({ type: 'del', key })))
  await store.close()
}
