import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { closeCodes, type RefusalCode } from '../../protocol/index.ts'
import type { RoomsLoad } from '../sync/room-registry.ts'
import type { Limit, SyncMeter } from '../sync/sync-meter.ts'
import { processMetrics } from './process-metrics.ts'

/** What a server has at the moment at which somebody asks. */
export interface ServerLoad {
  /** Open sockets that take part in a document, or wait for it. */
  readonly sessions: { readonly stock: number; readonly codraft: number }
  readonly rooms: RoomsLoad
  /** Taken and not on disk, in bytes. */
  readonly unsavedBytes: number
  /** How long ago the oldest edit was taken that is not on disk, in milliseconds; null if all are. */
  readonly unsavedAge: number | null
  /** Waits to be read by clients, in bytes. */
  readonly backlogBytes: number
  /** What documents at rest take in memory. */
  readonly restingBytes: number
}

/** In seconds, from half a millisecond to ten seconds. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The codes that a label may say: a peer may close with any other, and each would be a time series of its own. */
const labelledCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, ...Object.values(closeCodes)])

/** The metrics of one server, with those of its process, as Prometheus reads them. */
export class ServerMetrics implements SyncMeter {
  /** What Prometheus takes the text for. */
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  readonly #registry = new Registry()
  // Numbers of our own where sessions are busiest: counting with prom-client costs ten times as much.
  #received = 0
  #sent = 0
  readonly #relays: Histogram
  readonly #saves: Histogram
  readonly #writes: Histogram
  readonly #writeFailures: Counter
  readonly #refusals: Counter<'code'>
  readonly #closes: Counter<'code'>
  readonly #limits: Counter<'limit'>

  /** The version is Codraft's. */
  constructor(version: string) {
    const registers = [this.#registry]
    this.#count(
      'codraft_updates_received_total',
      'Document messages that clients sent.',
      () => this.#received,
    )
    this.#count(
      'codraft_updates_sent_total',
      'Document messages that were sent to clients; one to ten sessions is ten.',
      () => this.#sent,
    )
    this.#relays = this.#latency(
      'codraft_relay_seconds',
      'Time from the arrival of what a client wrote until it left for the others.',
    )
    this.#saves = this.#latency(
      'codraft_save_seconds',
      'Time from the arrival of what a client wrote until it was on disk, synced.',
    )
    this.#writes = this.#latency(
      'codraft_log_write_seconds',
      'Time that the storage took to write and sync one batch, of whatever waited in all documents.',
    )
    this.#writeFailures = new Counter({
      name: 'codraft_log_write_failures_total',
      help: 'Batches that the storage did not write; what they held is tried again.',
      registers,
    })
    this.#refusals = new Counter({
      name: 'codraft_refusals_total',
      help: 'Document messages that were refused, by the code of the refusal.',
      labelNames: ['code'],
      registers,
    })
    this.#closes = new Counter({
      name: 'codraft_closes_total',
      help: 'WebSockets that closed, by their close code; "other" for what no server sends.',
      labelNames: ['code'],
      registers,
    })
    this.#limits = new Counter({
      name: 'codraft_limits_met_total',
      help: 'How often somebody met a limit, by its flag.',
      labelNames: ['limit'],
      registers,
    })
    new Gauge({
      name: 'codraft_build_info',
      help: 'Always 1; its labels say what runs.',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version, node: process.version }, 1)
  }

  /** Has what the server holds read whenever somebody asks for the metrics. */
  observe(load: () => ServerLoad): void {
    const sessions = new Gauge({
      name: 'codraft_sessions',
      help: 'Open sessions, by what their clients speak.',
      labelNames: ['client'],
      registers: [this.#registry],
      collect() {
        const { stock, codraft } = load().sessions
        sessions.set({ client: 'stock' }, stock)
        sessions.set({ client: 'codraft' }, codraft)
      },
    })
    const rooms = new Gauge({
      name: 'codraft_rooms',
      help: 'Documents that are open: live while somebody writes, resting as bytes otherwise.',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        const { live, resting } = load().rooms
        rooms.set({ state: 'live' }, live)
        rooms.set({ state: 'resting' }, resting)
      },
    })
    this.#gauge(
      'codraft_unsaved_updates',
      'Updates that were taken and are not on disk yet.',
      () => load().rooms.unsavedUpdates,
    )
    this.#gauge(
      'codraft_unsaved_bytes',
      'Bytes of the updates that were taken and are not on disk yet.',
      () => load().unsavedBytes,
    )
    this.#gauge(
      'codraft_oldest_unsaved_seconds',
      'Age of the oldest update that was taken and is not on disk yet; 0 if all are.',
      () => (load().unsavedAge ?? 0) / 1000,
    )
    this.#gauge(
      'codraft_backlog_bytes',
      'Bytes that wait in this process for clients that read slowly.',
      () => load().backlogBytes,
    )
    this.#gauge(
      'codraft_resting_bytes',
      'Bytes of the documents that are kept in memory at rest, which --memory-budget bounds.',
      () => load().restingBytes,
    )
  }

  /** All metrics, in Prometheus' text format. */
  async text(): Promise<string> {
    return `${await this.#registry.metrics()}\n${await processMetrics().metrics()}`
  }

  received(updates: number): void {
    this.#received += updates
  }

  sent(deliveries: number): void {
    this.#sent += deliveries
  }

  relayed(milliseconds: number): void {
    this.#relays.observe(milliseconds / 1000)
  }

  saved(milliseconds: number): void {
    this.#saves.observe(milliseconds / 1000)
  }

  /** The storage was given a batch, and has it synced or failed. */
  wrote(milliseconds: number, isWritten: boolean): void {
    if (isWritten) this.#writes.observe(milliseconds / 1000)
    else this.#writeFailures.inc()
  }

  refused(code: RefusalCode): void {
    this.#refusals.inc({ code })
  }

  closed(code: number): void {
    this.#closes.inc({ code: labelledCodes.has(code) ? String(code) : 'other' })
  }

  limited(limit: Limit): void {
    this.#limits.inc({ limit })
  }

  #count(name: string, help: string, read: () => number): void {
    const counter = new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        counter.reset()
        counter.inc(read())
      },
    })
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        gauge.set(read())
      },
    })
  }

  #latency(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: LATENCY_BUCKETS, registers: [this.#registry] })
  }
}
