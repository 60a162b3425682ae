import { pino } from 'pino'
import { MemoryBudget } from '../../sync/memory-budget.ts'
import { RoomRegistry } from '../../sync/room-registry.ts'
import { UnsavedBudget } from '../../sync/unsaved-budget.ts'
import { ManualClock } from './manual-clock.ts'
import { ProcessClock } from './process-clock.ts'
import { Link, type LinkWatcher } from './simulated-link.ts'
import { SimulatedLog } from './simulated-log.ts'
import { Peer } from './simulated-peer.ts'

/** Whatever happens is for the test to look at. */
const nobodyWatches: LinkWatcher = { delivered() {}, sent() {}, ended() {}, violated() {} }

/** A room under a manual clock with some peers who write, which others may join who mean harm. */
export class AttackedRoom {
  readonly peers: readonly Peer[]
  readonly #clock = new ManualClock()
  readonly #log = new SimulatedLog(this.#clock)
  #server = this.#start()
  #links = 0

  constructor(peers: number) {
    this.peers = Array.from({ length: peers }, (_, index) => new Peer(1_000 + index, false))
  }

  #start(): { readonly clock: ProcessClock; readonly registry: RoomRegistry } {
    const clock = new ProcessClock(this.#clock)
    const registry = new RoomRegistry({
      log: this.#log.open(),
      clock,
      logger: pino({ level: 'silent' }),
      unsaved: new UnsavedBudget(Infinity),
      memory: new MemoryBudget(Infinity),
      compactAfter: 8,
    })
    return { clock, registry }
  }

  async join(): Promise<Link> {
    const { registry, clock } = this.#server
    const entering = registry.enter('doc')
    const entry = await this.#clock.until(entering)
    const name = `session ${this.#links++}`
    const link = new Link(name, entry, { isStock: false, userId: name, clock, watcher: nobodyWatches })
    entry.room.join(link)
    return link
  }

  /** Lets everything that is under way arrive, and then some time pass; returns how much arrived. */
  async exchange(milliseconds: number): Promise<number> {
    let delivered = 0
    for (const peer of this.peers) {
      for (const message of peer.link?.toPeer.splice(0) ?? []) {
        peer.receive(message)
        delivered++
      }
      while (peer.link?.deliverOne() === true) delivered++
    }
    await this.#clock.advance(milliseconds)
    return delivered
  }

  /** Brings all peers together and lets everything arrive. */
  async settle(): Promise<void> {
    for (const peer of this.peers) if (peer.link === null) peer.connect(await this.join(), false)
    await this.#clock.advance(100)
    while ((await this.exchange(100)) > 0);
  }

  /** The server's process dies with all that is under way stored, and another one starts. */
  crash(): void {
    this.#log.crash(Infinity)
    this.#server.clock.die()
    for (const peer of this.peers) {
      peer.link?.die()
      peer.link = null
    }
    this.#server = this.#start()
  }
}
