/**
 * Counts the changes of one document that the server has not reported to be on its disk.
 *
 * Changes are numbered in the order made, and `saved` is always a beginning of them. Only an ack of the present
 * connection moves it: what an earlier connection sent and got no ack for may be lost, and is brought again by the
 * sync step 2 of this one, which holds all changes made so far. An update holds one change; until the first
 * sync step 2 nobody knows whether the server has what came before it, so its ack proves nothing.
 */
export class UnsavedChanges {
  #made = 0
  #saved = 0
  #connection: ConnectionCount | null = null

  get unsaved(): number {
    return this.#made - this.#saved
  }

  /**
   * Whether the server has on disk what this client brought to the present connection: its first sync step 2, if that
   * held anything. Not only this client's own changes: the server may have lost what it had relayed from others.
   */
  get isConfirmed(): boolean {
    return this.#connection?.isConfirmed ?? false
  }

  /** A change was made; before it is sent, if it is. */
  made(): void {
    this.#made++
  }

  /** A new connection, on which nothing has been sent yet. */
  opened(): void {
    this.#connection = { sent: 0, held: null, step2: null, isConfirmed: false, proofs: [] }
  }

  /** What was sent and not acked may be lost. */
  closed(): void {
    this.#connection = null
  }

  sentSyncStep2(isEmpty: boolean): void {
    const connection = this.#open()
    connection.sent++
    connection.step2 ??= connection.sent
    if (isEmpty && connection.step2 === connection.sent) connection.isConfirmed = true
    connection.held = this.#made
    this.#prove(connection)
  }

  sentUpdate(): void {
    const connection = this.#open()
    connection.sent++
    if (connection.held !== null) {
      connection.held++
      this.#prove(connection)
    }
  }

  /**
   * The first `count` document messages of this connection are on disk. True if that saved something new.
   * Throws a `RangeError` if so many were never sent.
   */
  acked(count: number): boolean {
    const connection = this.#open()
    if (count > connection.sent) {
      throw new RangeError(`${count} messages were acknowledged and ${connection.sent} sent`)
    }
    if (connection.step2 !== null && connection.step2 <= count) connection.isConfirmed = true
    const before = this.#saved
    while (connection.proofs[0] !== undefined && connection.proofs[0].message <= count) {
      this.#saved = Math.max(this.#saved, connection.proofs[0].changes)
      connection.proofs.shift()
    }
    return this.#saved > before
  }

  /** Once every change made has been sent, the latest message proves them all. */
  #prove(connection: ConnectionCount): void {
    if (connection.held !== this.#made) return
    connection.proofs.push({ message: connection.sent, changes: this.#made })
  }

  #open(): ConnectionCount {
    if (this.#connection === null) throw new Error('No connection is open')
    return this.#connection
  }
}

interface ConnectionCount {
  /** Document messages sent. */
  sent: number
  /** How many changes they hold, counted from the document's first; null before the first sync step 2. */
  held: number | null
  /** Which message was the first sync step 2; null before it. */
  step2: number | null
  isConfirmed: boolean
  /** The message whose ack proves that so many changes are saved, in the order sent. */
  readonly proofs: { readonly message: number; readonly changes: number }[]
}
