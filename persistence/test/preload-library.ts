import { execFile } from 'node:child_process'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Compiles a library for LD_PRELOAD, given as the URL of its C file, into a folder, and returns its path; null if there
 * is no C compiler or this is not Linux, so that tests can skip and say so.
 */
export async function compilePreloadLibrary(source: URL, folder: string): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const path = fileURLToPath(source)
  const library = join(folder, `${basename(path, '.c')}.so`)
  try {
    const options = ['-shared', '-fPIC', '-O1', '-Wall', '-Werror']
    await promisify(execFile)('cc', [...options, '-o', library, path, '-ldl'])
    return library
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
