import { once } from 'node:events'
import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import type { CodraftServer } from '../support/codraft-server.ts'

const HELLO = 102

/** The form of a server's new documents, as its hello tells it: `xml`, `text`. */
export async function documentForm(server: CodraftServer): Promise<string> {
  const socket = new WebSocket(`${server.webSocketUrl}/form`, ['codraft.1'])
  const [frame] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  const decoder = decoding.createDecoder(new Uint8Array(frame))
  if (decoding.readVarUint(decoder) !== HELLO) throw new Error('The server does not begin with a hello')
  const hello = JSON.parse(decoding.readVarString(decoder)) as { document: { form: string } }
  return hello.document.form
}
