// A relay that knows neither Yjs nor documents: what one client of a path sends, everybody there gets, itself included.
// On bare sockets; all that came in a turn of the event loop goes out in one write per socket, of the same bytes. This is
// the ceiling: a server that reads what it passes on, or passes on to each something else, does more.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

/** By path. */
const rooms = new Map()

class Room {
  sockets = new Set()
  #frames = []
  #isScheduled = false

  send(frame) {
    this.#frames.push(frame)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      const bytes = Buffer.concat(this.#frames)
      this.#frames = []
      this.#isScheduled = false
      for (const socket of this.sockets) socket.write(bytes)
    })
  }
}

/** Makes of a client's frame one of a server's: without its mask. */
function unmasked(opcode, payload, mask) {
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header[0] = 0x80 | opcode
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  const frame = Buffer.concat([header, payload])
  if (mask.readUInt32BE(0) !== 0) for (let i = 0; i < length; i++) frame[header.length + i] ^= mask[i & 3]
  return frame
}

function relay(room, socket, head) {
  let rest = head
  const receive = (chunk) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (;;) {
      if (data.length - at < 6) break
      const short = data[at + 1] & 0x7f
      const headerLength = short < 126 ? 2 : short === 126 ? 4 : 10
      if (data.length - at < headerLength + 4) break
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
      const start = at + headerLength + 4
      if (data.length - start < length) break
      const opcode = data[at] & 0x0f
      if (opcode === 2)
        room.send(unmasked(opcode, data.subarray(start, start + length), data.subarray(start - 4, start)))
      at = start + length
    }
    rest = Buffer.from(data.subarray(at))
  }
  socket.on('data', receive)
}

const server = createServer()
server.on('upgrade', (request, socket, head) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.setNoDelay(true)
  const room = rooms.get(request.url) ?? new Room()
  rooms.set(request.url, room)
  room.sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => room.sockets.delete(socket))
  relay(room, socket, head)
})
server.listen(Number(process.env.PORT), '127.0.0.1')
