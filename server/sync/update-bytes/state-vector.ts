import { ProtocolError } from '../../../protocol/index.ts'
import { ByteScanner } from './byte-scanner.ts'

/**
 * The most clients that a state vector may speak of. A client id is one visit of one person, so a document in daily use
 * gathers thousands of them in years; a million take some 60 MB while they are compared.
 */
const MOST_CLIENTS = 1_000_000

/**
 * Decodes a state vector: up to which clock its owner has what each client wrote. Throws a `ProtocolError` where
 * `Y.decodeStateVector` takes what comes: numbers of more than 53 bits, a client listed twice, bytes behind the end; and
 * for more than `mostClients`.
 */
export function readStateVector(bytes: Uint8Array, mostClients = MOST_CLIENTS): Map<number, number> {
  const scanner = new ByteScanner(bytes, 'a state vector')
  const count = scanner.count(2)
  if (count > mostClients) {
    throw new ProtocolError(
      'tooLarge',
      `a state vector speaks of ${count} clients, the most is ${mostClients}`,
    )
  }
  const clocks = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const client = scanner.varUint()
    clocks.set(client, scanner.varUint())
  }
  scanner.end()
  if (clocks.size < count) throw scanner.malformed('lists a client twice')
  return clocks
}
