import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** How a command ended, and what it said. */
export interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command to its end, with nothing on its standard input. */
export function codraft(...args: string[]): CommandResult {
  return run(args, '')
}

/** Runs it with these bytes on its standard input. */
export function codraftWithInput(input: Uint8Array, ...args: string[]): CommandResult {
  return run(args, input)
}

function run(args: readonly string[], input: Uint8Array | string): CommandResult {
  const env = { ...process.env, CODRAFT_ACCESS: '' }
  return spawnSync(process.execPath, [join(root, 'dist/server/main.js'), ...args], {
    encoding: 'utf8',
    env,
    input,
    timeout: 20_000,
  })
}

/** The path of a file that another editor's own code has written. */
export function foreignFile(name: string): string {
  return join(root, 'document/test/import/fixtures', name)
}

/** Its bytes. */
export function foreignUpdate(name: string): Uint8Array {
  return readFileSync(foreignFile(name))
}
