import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openLevelDocumentLog } from '../level-document-log.ts'
import type { StoredDocument } from '../document-log.ts'
import type { HistoryLog } from '../history.ts'

/** What a process was told is stored: words by sequence number by document. */
export class Acknowledged {
  readonly #documents = new Map<string, Map<number, string>>()

  /** Takes a line that the process printed. */
  add(line: string): void {
    const [documentName = '', sequence = '', word = ''] = line.split('\t')
    const words = this.#documents.get(documentName) ?? new Map<number, string>()
    this.#documents.set(documentName, words.set(Number(sequence), word))
  }

  /** How many appends were acknowledged. */
  count(): number {
    let count = 0
    for (const words of this.#documents.values()) count += words.size
    return count
  }

  /** Which of them a folder does not hold, or lacks in its history; those of an unreadable document with the reason. */
  async missingFrom(folder: string): Promise<string[]> {
    const log = await openLevelDocumentLog(folder)
    const missing: string[] = []
    for (const [documentName, words] of this.#documents) {
      try {
        const stored = wordsOf(await log.load(documentName))
        const past = await wordsOfHistory(log, documentName)
        for (const [sequence, word] of words) {
          const isThere = stored.get(sequence) === word && past.get(sequence) === word
          if (!isThere) missing.push(`${documentName}: ${sequence}`)
        }
      } catch (error) {
        missing.push(String(error))
      }
    }
    await log.close()
    return missing
  }
}

function wordsOf({ snapshot, entries }: StoredDocument): Map<number, string> {
  const words = foldedWords(snapshot)
  for (const { sequence, update } of entries) words.set(sequence, Buffer.from(update).toString())
  return words
}

function foldedWords(folded: { readonly update: Uint8Array } | null): Map<number, string> {
  const words: unknown = folded === null ? {} : JSON.parse(Buffer.from(folded.update).toString())
  return new Map(Object.entries(words ?? {}).map(([sequence, word]) => [Number(sequence), String(word)]))
}

async function wordsOfHistory(log: HistoryLog, documentName: string): Promise<Map<number, string>> {
  const { base, entries } = await log.history(documentName)
  const words = foldedWords(base)
  for await (const { sequence, update } of entries()) {
    words.set(sequence, Buffer.from(update).toString())
  }
  return words
}

/** A process that appends until it is killed. */
export interface AppendingProcess {
  readonly child: ChildProcess
  readonly firstLine: Promise<void>
  readonly ended: Promise<void>
  /** The codes of what failed so far, if it tries again. */
  readonly failures: readonly string[]
  /** Resolves once a condition holds, which is tried with each line that the process prints. */
  readonly until: (condition: () => boolean) => Promise<void>
}

/** Starts a process that appends to documents in a folder (appending-process.ts). It is killed when the test ends. With `again`, it goes on after failures. */
export function startAppending(
  folder: string,
  acknowledged: Acknowledged,
  env: Readonly<Record<string, string>> = {},
  { again = false }: { readonly again?: boolean } = {},
): AppendingProcess {
  const script = fileURLToPath(new URL('appending-process.ts', import.meta.url))
  const onFailure = again ? ['again'] : []
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, ...onFailure], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const firstLine = once(lines, 'line').then(() => {})
  const failures: string[] = []
  lines.on('line', (line) => {
    if (line.startsWith('failed\t')) failures.push(line.slice(7))
    else acknowledged.add(line)
  })
  return {
    child,
    firstLine,
    ended: once(lines, 'close').then(() => {}),
    failures,
    until: async (condition) => {
      while (!condition()) await once(lines, 'line')
    },
  }
}

/** Starts a process, kills it at a random moment within its first second, and waits until it is gone. */
export async function appendAndKill(
  folder: string,
  acknowledged: Acknowledged,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { child, firstLine, ended } = startAppending(folder, acknowledged, env)
  // The one wait for time: a kill has to come at a moment that nothing announces, now and then while the folder is opened.
  if (Math.random() < 0.3) await delay(Math.random() * 700)
  else await firstLine.then(() => delay(Math.random() * 400))
  child.kill('SIGKILL')
  await ended
}
