import {
  MemoryDocumentLog,
  PersistenceError,
  type DocumentLog,
  type HistoryLog,
} from '../../../persistence/index.ts'

/** A log whose disk is the test's to stop and to break. */
export class HeldLog implements DocumentLog, HistoryLog {
  readonly #log = new MemoryDocumentLog()
  /** While true, appends and compactions wait. */
  isHeld = false
  /** While true, appends and loads fail. */
  isBroken = false
  loads = 0
  #held: (() => void)[] = []

  release(): void {
    this.isHeld = false
    for (const resume of this.#held.splice(0)) resume()
  }

  async #disk(documentName: string): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve))
    if (this.isBroken) throw new PersistenceError('io', 'the disk is broken', { documentName })
  }

  async load(documentName: string): ReturnType<DocumentLog['load']> {
    this.loads++
    await this.#disk(documentName)
    return this.#log.load(documentName)
  }

  async append(...[documentName, updates]: Parameters<DocumentLog['append']>): Promise<number> {
    await this.#disk(documentName)
    return this.#log.append(documentName, updates)
  }

  async compact(...[documentName, compaction]: Parameters<DocumentLog['compact']>): Promise<void> {
    await this.#disk(documentName)
    return this.#log.compact(documentName, compaction)
  }

  history(documentName: string): ReturnType<HistoryLog['history']> {
    return this.#log.history(documentName)
  }

  historySize(documentName: string): ReturnType<HistoryLog['historySize']> {
    return this.#log.historySize(documentName)
  }

  historySegments(documentName: string): ReturnType<HistoryLog['historySegments']> {
    return this.#log.historySegments(documentName)
  }

  trimHistory(...args: Parameters<HistoryLog['trimHistory']>): Promise<void> {
    return this.#log.trimHistory(...args)
  }

  documentNames(): AsyncIterable<string> {
    return this.#log.documentNames()
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
