import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** `[position, characters deleted, text inserted]`, one after the other. */
export type Patch = readonly [number, number, string]

interface SequentialTrace {
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly Patch[] }[]
}

export interface ConcurrentTrace {
  readonly endContent: string
  readonly numAgents: number
  readonly txns: readonly {
    /** The transactions, by index, that its author had when making it, and whose own ancestors it had as well. */
    readonly parents: readonly number[]
    readonly agent: number
    readonly patches: readonly Patch[]
  }[]
}

/** Where the keyboard traces are that are not part of this project; a variable may say so. */
const folder = process.env['CODRAFT_TRACES'] ?? join(import.meta.dirname, '../../../shared/data/traces')

interface Traces {
  readonly friendsforever: ConcurrentTrace
  readonly 'automerge-paper': SequentialTrace
}

/** Reads a trace; null on a machine that does not have it. */
export function readTrace<Name extends keyof Traces>(name: Name): Traces[Name] | null {
  const path = join(folder, `${name}.json.gz`)
  return existsSync(path) ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as Traces[Name]) : null
}
