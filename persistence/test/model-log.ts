import assert from 'node:assert/strict'
import type { Compaction, LogUpdate, StoredDocument } from '../document-log.ts'
import type { HistoryTrim } from '../history.ts'
import { bytes } from './log-language.ts'

interface ModelDocument {
  last: number
  snapshot: string
  through: number
  /** What is not folded, by sequence number. */
  entries: Map<number, string>
  /** What its history must hold: the base, and every entry behind it. */
  base: string
  past: Map<number, string>
}

/** What a log should hold: the simplest thing that can be right, to compare logs with. */
export class ModelLog {
  readonly #documents = new Map<string, ModelDocument>()

  append(documentName: string, updates: readonly LogUpdate[]): number {
    const document = this.#documents.get(documentName) ?? {
      last: 0,
      snapshot: '',
      through: 0,
      entries: new Map<number, string>(),
      base: '',
      past: new Map<number, string>(),
    }
    if (updates.length > 0) this.#documents.set(documentName, document)
    for (const { update } of updates) {
      const word = new TextDecoder().decode(update)
      document.entries.set(++document.last, word)
      document.past.set(document.last, word)
    }
    return document.last
  }

  /** Folds about `fold` more entries and keeps every `keep`-th; null if the document has none. */
  compact(documentName: string, fold: number, keep: number): Compaction | null {
    const document = this.#documents.get(documentName)
    if (document === undefined) return null
    const through = Math.max(1, Math.min(document.last, document.through + fold))
    const candidates = [...document.entries.keys()].filter((sequence) => sequence <= through)
    const kept = candidates.filter((_, i) => keep > 0 && i % keep === 0)
    for (const sequence of candidates) if (!kept.includes(sequence)) document.entries.delete(sequence)
    document.snapshot = `S${through}.${kept.length}`
    document.through = through
    return { snapshot: bytes(document.snapshot), through, keep: kept }
  }

  /** Trims the history up to an entry; with no base, to the snapshot. */
  trim(documentName: string, through: number, { toSnapshot }: { readonly toSnapshot: boolean }): HistoryTrim {
    const document = this.#documents.get(documentName)
    assert(document !== undefined)
    for (const sequence of document.past.keys()) {
      if (sequence <= through && !document.entries.has(sequence)) document.past.delete(sequence)
    }
    document.base = `${toSnapshot ? document.snapshot : `B${through}`}@${through}`
    if (toSnapshot) return { through, base: null }
    const without = [...document.entries.keys()].filter((sequence) => sequence <= through)
    const update = bytes(`B${through}`)
    return { through, base: { through, without, time: 7, update, attribution: bytes('alice') } }
  }

  /** The history as `remembered` writes it. */
  describeHistory(documentName: string): string {
    const document = this.#documents.get(documentName)
    if (document === undefined) return '|'
    return `${document.base}|${[...document.past].map(([sequence, word]) => `${sequence}:${word}`).join(' ')}`
  }

  /** The document as `describeDocument` writes it. */
  describe(documentName: string): string {
    const document = this.#documents.get(documentName)
    if (document === undefined) return '||0'
    const tail = [...document.entries].map(([sequence, word]) => `${sequence}:${word}`).join(' ')
    const start = document.through === 0 ? '' : `${document.snapshot}@${document.through}`
    return `${start}|${tail}|${document.last}`
  }

  names(): string[] {
    return [...this.#documents.keys()].toSorted()
  }

  /** What must hold of a document that was loaded while others were being written: no gap after the snapshot. */
  expectPlausible({ snapshot, entries, lastSequence }: StoredDocument): void {
    const through = snapshot?.through ?? 0
    const tail = entries.map(({ sequence }) => sequence).filter((sequence) => sequence > through)
    assert.deepEqual(
      tail,
      Array.from({ length: lastSequence - through }, (_, i) => through + 1 + i),
    )
  }
}
