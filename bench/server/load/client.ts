import { Connection } from './connection.ts'
import { syncTypes, type Dialect } from './dialect.ts'
import { clientFrame } from './frames.ts'
import type { LargePayloads } from './large-payloads.ts'
import { readServerMessage, syncMessage, type ServerMessage } from './messages.ts'

/** What a client brings when it joins: nothing by default. */
export interface Belongings {
  readonly stateVector: Uint8Array
  /** Its sync step 2: what it has, and the server with this state vector lacks. */
  answer(stateVector: Uint8Array): Uint8Array
}

const emptyUpdate = Uint8Array.of(0, 0)
const nothing: Belongings = { stateVector: Uint8Array.of(0), answer: () => emptyUpdate }

/** What clients join with. */
export interface JoinOptions {
  readonly port: number
  readonly dialect: Dialect
  readonly documentName: string
  readonly large: LargePayloads
  readonly belongings?: Belongings
}

/** A connection that has joined a document: both have asked, and both have been answered. */
export class Client {
  readonly connection: Connection
  /** What every message of it begins with. */
  readonly prefix: Uint8Array
  /** The update that the server sent to make it whole. */
  readonly initial: Uint8Array
  /** How many document messages it has sent in joining. */
  readonly documentMessages: number

  /** Resolves when the last byte of the server's answer has come. */
  static async join({
    port,
    dialect,
    documentName,
    large,
    belongings = nothing,
  }: JoinOptions): Promise<Client> {
    const prefix = dialect.prefix(documentName)
    const connection = await Connection.open(
      { port, path: dialect.path(documentName), subprotocol: dialect.subprotocol },
      large,
    )
    if (!dialect.knowsDocuments) return new Client(connection, prefix, emptyUpdate, 0)
    return new Promise((resolve, reject) => {
      let initial: Uint8Array | null = null
      let answers = 0
      connection.onEnd = (reason) => reject(new Error(`the server ended a connection: ${reason}`))
      connection.onMessage = (payload) => {
        const message = readServerMessage(payload, prefix.length)
        if (message.kind === 'refused') reject(new Error(`refused: ${message.reason}`))
        // A copy, unless it is a large one, which has a buffer to itself.
        if (message.kind === 'step2')
          initial = payload.length < 65_536 ? Uint8Array.from(message.update) : message.update
        if (message.kind === 'step1') {
          answers++
          const update = belongings.answer(message.stateVector)
          connection.write(clientFrame(syncMessage(prefix, syncTypes.step2, update)))
        }
        if (initial !== null && answers > 0) {
          connection.onEnd = (reason) => {
            throw new Error(`the server ended a connection: ${reason}`)
          }
          connection.onMessage = () => {}
          resolve(new Client(connection, prefix, initial, answers))
        }
      }
      if (dialect.greeting !== null) connection.write(clientFrame(Buffer.concat([prefix, dialect.greeting])))
      connection.write(clientFrame(syncMessage(prefix, syncTypes.step1, belongings.stateVector)))
    })
  }

  private constructor(
    connection: Connection,
    prefix: Uint8Array,
    initial: Uint8Array,
    documentMessages: number,
  ) {
    this.connection = connection
    this.prefix = prefix
    this.initial = initial
    this.documentMessages = documentMessages
  }

  /** Calls back with every message from now on; what it holds is good during the call only. */
  listen(onMessage: (message: ServerMessage) => void): void {
    this.connection.onMessage = (payload) => onMessage(readServerMessage(payload, this.prefix.length))
  }

  close(): void {
    this.connection.close()
  }
}
