import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes the names in a folder survive a power cut: files made, renamed and removed so far. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such operation; NTFS writes its names in order.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file such that a crash at any moment leaves the old content or the new one, and resolves once it is synced. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
}
