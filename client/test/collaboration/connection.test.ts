import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { closeCodes, type AwarenessEntry } from '../../../protocol/index.ts'
import { createConnection, type ConnectionStatus, type SaveState } from '../../collaboration/connection.ts'
import type { WebSocketConstructor } from '../../collaboration/web-socket-constructor.ts'
import { Client, synced } from './connected-client.ts'
import { NodeWebSocket } from './node-web-socket.ts'
import { FakeServer, hello, type FakeSession } from './fake-server.ts'

function docWith(text: string): Y.Doc {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, text)
  return doc
}

function entriesOf(session: FakeSession): readonly AwarenessEntry[] {
  return session.messages.flatMap((message) => (message.type === 'awareness' ? message.entries : []))
}

function Forbidden(): never {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}

describe('a connection', () => {
  let server: FakeServer
  let stored: Y.Doc
  const clients: Client[] = []

  function connect(doc?: Y.Doc, awareness?: Awareness): Client {
    const client = new Client(server, doc, awareness)
    clients.push(client)
    return client
  }

  /** A client that is synced with a server that knows nothing, and its session. */
  async function syncedClient(doc?: Y.Doc): Promise<[Client, FakeSession]> {
    const client = connect(doc)
    return [client, await synced(server, client, stored)]
  }

  beforeEach(async () => {
    server = await FakeServer.start()
    stored = new Y.Doc()
  })

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await server.close()
  })

  describe('opening', () => {
    it('asks for the document below the server, and for its protocol', async () => {
      connect()
      const session = await server.session()
      expect(session.url).toBe('/collab/a/b%20c')
      expect(session.protocol).toBe('codraft.1')
    })

    it('sends nothing of the document before it knows what the server has', async () => {
      const client = connect(docWith('offline'))
      const session = await server.session()
      await session.next('sync-step-1')
      await client.untilStatus('syncing')
      client.write('more ')
      client.connection.awareness.setLocalStateField('wrote', true)
      while (!entriesOf(session).some(({ state }) => state?.includes('wrote'))) {
        await session.next('awareness', session.messages.length)
      }
      expect(session.messages.map(({ type }) => type)).not.toContain('update')
      session.send({ type: 'hello', hello })
      const { update } = await session.next('update')
      session.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(stored) })
      Y.applyUpdate(stored, (await session.next('sync-step-2')).update)
      Y.applyUpdate(stored, update)
      expect(stored.getText('t').toJSON()).toBe('more offline')
    })

    it('ends without a word of the document where it is none that this client may change', async () => {
      const accepts = vi.fn<(told: typeof hello) => boolean>(({ document }) => document.form === 'xml')
      const client = new Client(server, docWith('offline'), undefined, { accepts })
      onTestFinished(() => client.close())
      const session = await server.session()
      const newer = { ...hello, document: { form: 'pages', version: 1 } }
      await client.untilStatus('syncing')
      client.write('more ')
      session.greet(stored, newer)
      expect(await client.untilStatus('ended')).toMatchObject({ code: closeCodes.clientTooOld })
      expect(accepts.mock.calls).toEqual([[newer]])
      await session.ended()
      client.write('even more ')
      client.timers.pass(1_000_000)
      expect(client.connection.status.kind).toBe('ended')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 3 })
      expect(session.messages.map(({ type }) => type)).not.toContain('update')
      expect(session.messages.map(({ type }) => type)).not.toContain('sync-step-2')
    })

    it('that the platform forbids is an attempt that failed', async () => {
      const client = new Client(server, undefined, undefined, {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is never an instance of it
        WebSocket: Forbidden as unknown as WebSocketConstructor,
      })
      onTestFinished(() => client.close())
      expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 0 })
      await client.until(() => client.logged.length > 0)
      expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 1 })
      expect(client.logged.some((value) => value instanceof DOMException)).toBe(true)
      client.timers.pass(250)
      await client.until(() => {
        const { status } = client.connection
        return status.kind === 'connecting' && status.attempt === 2
      })
    })

    it('goes from connecting over syncing to synced', async () => {
      stored = docWith('stored')
      const client = connect()
      const statuses: ConnectionStatus[] = []
      client.connection.onStatus((status) => statuses.push(status))
      expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 0 })
      await synced(server, client, stored)
      expect(statuses).toEqual([
        { kind: 'syncing', hello: null },
        { kind: 'syncing', hello },
        { kind: 'synced', hello },
      ])
      expect(client.text).toBe('stored')
    })

    it('refuses what can never be', () => {
      const options = { serverUrl: server.url, documentName: 'a', doc: new Y.Doc() }
      expect(() => createConnection({ ...options, documentName: '/' })).toThrow(RangeError)
      expect(() => createConnection({ ...options, serverUrl: 'x' })).toThrow(TypeError)
    })

    it('gives a socket up that does not open', async () => {
      const client = connect()
      client.timers.pass(10_000)
      expect(await client.untilStatus('connecting')).toEqual({ kind: 'connecting', attempt: 1 })
    })
  })

  describe('the save state', () => {
    it('is never saved before the ack', async () => {
      const [client, session] = await syncedClient()
      const states: SaveState[] = []
      client.connection.onSaveState((state) => states.push(state))
      client.write('a').write('b')
      await session.next('update')
      session.send({ type: 'ack', count: 2 })
      await client.untilSaveState('saving', 1)
      session.send({ type: 'ack', count: 3 })
      await client.untilSaveState('saved', 0)
      expect(states.map(({ kind, unsaved }) => [kind, unsaved])).toEqual([
        ['saving', 1],
        ['saving', 2],
        ['saving', 1],
        ['saved', 0],
      ])
    })

    it('counts what the document already holds', async () => {
      const client = connect(docWith('offline'))
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
      const session = await server.session()
      session.greet(stored)
      await session.answer(stored)
      await client.untilStatus('synced')
      expect(client.connection.saveState).toEqual({ kind: 'saving', unsaved: 1 })
      session.send({ type: 'ack', count: 1 })
      await client.untilSaveState('saved', 0)
    })

    it('does not count what the server sent', async () => {
      const [client, session] = await syncedClient()
      session.send({ type: 'update', update: Y.encodeStateAsUpdate(docWith('theirs')) })
      await client.until(() => client.text === 'theirs')
      expect(client.connection.saveState).toEqual({ kind: 'saved', unsaved: 0 })
    })

    it('becomes unsaved when no ack comes for three seconds, and comes back', async () => {
      const [client, session] = await syncedClient()
      client.write('a').write('b')
      client.timers.pass(2_999)
      expect(client.connection.saveState).toEqual({ kind: 'saving', unsaved: 2 })
      client.timers.pass(1)
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 2 })
      session.send({ type: 'ack', count: 2 })
      await client.untilSaveState('saving', 1)
      session.send({ type: 'ack', count: 3 })
      await client.untilSaveState('saved', 0)
    })

    it('does not take the ack of an update for one of what was made offline', async () => {
      const [client, first] = await syncedClient()
      first.terminate()
      await client.untilStatus('connecting')
      client.write('offline')
      client.reconnect()
      const session = await server.session()
      session.send({ type: 'hello', hello })
      await client.until(() => client.connection.status.kind === 'syncing')
      client.write('x')
      await session.next('update')
      session.send({ type: 'ack', count: 1 })
      session.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(stored) })
      await session.next('sync-step-2')
      expect(client.connection.saveState.unsaved).toBe(2)
      await session.answer(stored)
      session.send({ type: 'ack', count: 2 })
      await client.untilSaveState('saved', 0)
    })

    it('says reconnecting without unsaved changes and unsaved with', async () => {
      const [client, session] = await syncedClient()
      session.terminate()
      await client.untilSaveState('reconnecting', 0)
      client.write('a')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
    })

    it('is not saved after a reconnect until what this client brought is', async () => {
      const [client, first] = await syncedClient()
      first.send({ type: 'update', update: Y.encodeStateAsUpdate(docWith('relayed')) })
      await client.until(() => client.text === 'relayed')
      first.terminate()
      await client.untilSaveState('reconnecting', 0)
      client.reconnect()
      const session = await server.session()
      const lacking = new Y.Doc()
      session.greet(lacking)
      await session.next('sync-step-2')
      await session.answer(lacking)
      await client.untilStatus('synced')
      expect(client.connection.saveState).toEqual({ kind: 'saving', unsaved: 0 })
      let saves = 0
      client.connection.onSaved(() => {
        expect(client.connection.saveState.kind).toBe('saving')
        saves++
      })
      session.send({ type: 'ack', count: 1 })
      await client.untilSaveState('saved', 0)
      expect(saves).toBe(1)
    })

    it('is saved at once where this client brought nothing', async () => {
      stored = docWith('stored')
      const client = connect()
      const states: string[] = []
      let saves = 0
      client.connection.onSaveState(({ kind }) => states.push(kind))
      client.connection.onSaved(() => saves++)
      const session = await server.session()
      session.greet(stored)
      await session.next('sync-step-2')
      await session.answer(stored)
      await client.untilStatus('synced')
      expect(states).toEqual(['saved'])
      expect(saves).toBe(0)
    })

    it('is never saved where nothing was ever loaded', async () => {
      const client = connect()
      const session = await server.session()
      session.close(closeCodes.noSuchDocument)
      await client.untilStatus('ended')
      expect(client.connection.saveState).toEqual({ kind: 'reconnecting', unsaved: 0 })
      client.connection.close()
      expect(client.connection.saveState).toEqual({ kind: 'reconnecting', unsaved: 0 })
    })

    it('is never saved again after a change, with a server that acks nothing', async () => {
      const stock = await FakeServer.start('stock')
      onTestFinished(() => stock.close())
      const client = new Client(stock)
      onTestFinished(() => client.close())
      const session = await synced(stock, client, stored)
      expect(client.connection.status).toEqual({ kind: 'synced', hello: null })
      client.write('a')
      await session.next('update')
      client.timers.pass(60_000)
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
      expect(client.connection.status.kind).toBe('synced')
      expect(session.messages.some(({ type }) => type === 'keep-alive' || type === 'query-awareness')).toBe(
        false,
      )
    })
  })

  describe('a server that cannot write', () => {
    const failing = { type: 'event', event: { type: 'storage', status: 'failing' } } as const
    const working = { type: 'event', event: { type: 'storage', status: 'working' } } as const

    it('has nothing saved from the moment that it says so, and until it has acked', async () => {
      const [client, session] = await syncedClient()
      client.write('a')
      await session.next('update')
      expect(client.connection.saveState).toEqual({ kind: 'saving', unsaved: 1 })
      session.send(failing)
      await client.untilSaveState('unsaved', 1)
      expect(client.connection.saveState.reason).toBe('storage')
      client.write('b')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 2, reason: 'storage' })
      session.send(working)
      await client.untilSaveState('saving', 2)
      session.send({ type: 'ack', count: 3 })
      await client.untilSaveState('saved', 0)
    })

    it('is no trouble for who has changed nothing', async () => {
      const [client, session] = await syncedClient()
      session.send(failing)
      await session.answer(stored)
      expect(client.connection.saveState).toEqual({ kind: 'saved', unsaved: 0 })
    })

    it('says so also while it takes nothing more, until another connection is synced and has heard nothing of it', async () => {
      const [client, first] = await syncedClient()
      client.write('a')
      await first.next('update')
      first.close(closeCodes.storageFailing)
      await client.untilStatus('connecting')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1, reason: 'storage' })
      client.timers.pass(250)
      const second = await server.session()
      second.greet(stored)
      await client.untilStatus('syncing')
      expect(client.connection.saveState.reason).toBe('storage')
      await second.answer(stored)
      await client.untilSaveState('saving', 1)
      expect(client.connection.saveState.reason).toBeUndefined()
    })

    it('is forgotten when the connection is lost in another way', async () => {
      const [client, session] = await syncedClient()
      client.write('a')
      await session.next('update')
      session.send(failing)
      await client.untilSaveState('unsaved', 1)
      session.terminate()
      await client.untilStatus('connecting')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
    })
  })

  describe('losing the connection', () => {
    it('brings what was not acked again', async () => {
      const [client, first] = await syncedClient()
      client.write('lost ')
      await first.next('update')
      first.terminate()
      await client.untilSaveState('unsaved', 1)
      client.timers.pass(250)
      const session = await server.session()
      session.greet(stored)
      const { update } = await session.next('sync-step-2')
      Y.applyUpdate(stored, update)
      expect(stored.getText('t').toJSON()).toBe('lost ')
      session.send({ type: 'ack', count: 1 })
      await session.answer(stored)
      await client.untilSaveState('saved', 0)
    })

    it('waits longer every time, with jitter, until it was synced', async () => {
      const [client, session] = await syncedClient()
      session.close(closeCodes.goingAway)
      for (const [attempt, delay] of [250, 500, 1_000].entries()) {
        await client.until(() => {
          const { status } = client.connection
          return status.kind === 'connecting' && status.attempt === attempt + 1
        })
        client.timers.pass(delay - 1)
        expect(client.connection.status).toEqual({ kind: 'connecting', attempt: attempt + 1 })
        client.timers.pass(1)
        const next = await server.session()
        next.close(closeCodes.goingAway)
      }
    })

    it('waits longer every time also where it was synced for a moment', async () => {
      const client = connect()
      for (const attempt of [1, 2, 3]) {
        const session = await synced(server, client, stored)
        session.close(closeCodes.documentUnavailable)
        expect(await client.untilStatus('connecting')).toEqual({ kind: 'connecting', attempt })
        client.reconnect()
      }
    })

    it.each([
      ['was synced for half a minute', (client: Client): void => client.timers.pass(30_000)],
      [
        'was told that something is saved',
        async (client: Client, session: FakeSession): Promise<void> => {
          client.write('a')
          await session.next('update')
          session.send({ type: 'ack', count: 2 })
          await client.untilSaveState('saved', 0)
        },
      ],
    ])('begins to count anew once it %s', async (_what, settle) => {
      const [client, first] = await syncedClient()
      first.close(closeCodes.goingAway)
      await client.untilStatus('connecting')
      client.reconnect()
      const session = await synced(server, client, stored)
      await settle(client, session)
      session.close(closeCodes.goingAway)
      expect(await client.untilStatus('connecting')).toEqual({ kind: 'connecting', attempt: 1 })
    })

    it('can be answered by trying at once', async () => {
      let sockets = 0
      class CountedWebSocket extends NodeWebSocket {
        constructor(url: string, protocols?: string[]) {
          super(url, protocols)
          sockets++
        }
      }
      const client = new Client(server, undefined, undefined, { WebSocket: CountedWebSocket })
      onTestFinished(() => client.close())
      const session = await synced(server, client, stored)
      client.connection.onStatus(({ kind }) => {
        if (kind === 'connecting') client.connection.retry()
      })
      session.terminate()
      await client.untilStatus('connecting')
      expect(sockets).toBe(2)
      await synced(server, client, stored)
    })

    it('shows the resume secret before anything else', async () => {
      const [client, first] = await syncedClient()
      expect(first.messages.some(({ type }) => type === 'resume')).toBe(false)
      first.terminate()
      await client.untilStatus('connecting')
      client.reconnect()
      const session = await server.session()
      await session.next('sync-step-1')
      expect(session.messages[0]).toEqual({ type: 'resume', secret: 'secret' })
    })

    it('drops a server that is silent while changes are unsaved', async () => {
      const [client, session] = await syncedClient()
      client.write('a')
      client.timers.pass(5_000)
      await session.next('query-awareness')
      client.timers.pass(4_999)
      expect(client.connection.status.kind).toBe('synced')
      client.timers.pass(1)
      expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 1 })
    })

    it('keeps a server that answers, however slow its disk is', async () => {
      const [client, session] = await syncedClient()
      client.write('a')
      for (let i = 0; i < 5; i++) {
        const asked = session.messages.length
        client.timers.pass(5_000)
        await session.next('query-awareness', asked)
        const answered = new Promise<void>((resolve) => {
          client.connection.awareness.once('change', () => resolve())
        })
        session.send({
          type: 'awareness',
          entries: [{ clientID: 1, clock: i + 1, state: JSON.stringify({ i }) }],
        })
        await answered
      }
      expect(client.connection.status.kind).toBe('synced')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
    })

    it('tells a server that it is there', async () => {
      const [client, session] = await syncedClient()
      client.timers.pass(20_000)
      expect(await session.next('keep-alive')).toEqual({ type: 'keep-alive' })
    })

    it('ends for good with a permanent close code', async () => {
      const [client, session] = await syncedClient()
      client.write('a')
      await session.next('update')
      session.close(closeCodes.tooLarge, 'too large')
      expect(await client.untilStatus('ended')).toEqual({ kind: 'ended', code: 4413, reason: 'too large' })
      client.write('b')
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 2 })
      client.connection.retry()
      client.timers.pass(1_000_000)
      expect(client.connection.status.kind).toBe('ended')
    })

    it('ends when a change is refused, and keeps it counted', async () => {
      const [client, session] = await syncedClient()
      client.write('a').write('b')
      await session.next('update')
      session.send({ type: 'ack', count: 2 })
      session.send({ type: 'refused', index: 3, code: 'unappliable', reason: 'no' })
      expect(await client.untilStatus('ended')).toEqual({ kind: 'ended', code: 4422, reason: 'no' })
      expect(client.connection.saveState).toEqual({ kind: 'unsaved', unsaved: 1 })
      await session.ended()
    })
  })

  describe("the server's messages", () => {
    it('tell of a document that comes near its limit, until a new connection hears nothing of it', async () => {
      const [client, session] = await syncedClient()
      const told: unknown[] = []
      client.connection.onDocumentSize((size) => told.push(size))
      expect(client.connection.documentSize).toBe(null)
      session.send({ type: 'event', event: { type: 'document', bytes: 81, limit: 100 } })
      session.send({ type: 'event', event: { type: 'storage', status: 'failing' } })
      await vi.waitUntil(() => told.length > 0)
      expect(client.connection.documentSize).toEqual({ bytes: 81, limit: 100 })
      session.close(closeCodes.tooManySessions)
      await client.untilStatus('connecting')
      client.timers.pass(10_000)
      const next = await server.session()
      next.greet(new Y.Doc())
      await vi.waitUntil(() => told.length > 1)
      expect(told).toEqual([{ bytes: 81, limit: 100 }, null])
    })

    it.each([
      ['an unknown sync message', new Uint8Array([0, 7, 0])],
      ['a cut message', new Uint8Array([0, 2, 9, 1])],
      ['an empty message', new Uint8Array()],
      ['text', 'text'],
      ['an update that is none', new Uint8Array([0, 2, 3, 9, 9, 9])],
      ['a state vector that is none', new Uint8Array([0, 0, 1, 200])],
      ['an awareness state that is none', new Uint8Array([1, 5, 1, 7, 1, 1, 120])],
      ['an ack of what was not sent', new Uint8Array([100, 9])],
    ])('with %s lead to a new connection', async (_name, frame) => {
      const [client, session] = await syncedClient()
      session.sendBytes(frame)
      await client.untilStatus('connecting')
      expect(client.logged).not.toEqual([])
      client.reconnect()
      await synced(server, client, stored)
    })

    it('of an unknown type are ignored', async () => {
      const [client, session] = await syncedClient()
      session.sendBytes(new Uint8Array([120, 1, 2, 3]))
      session.send({ type: 'update', update: Y.encodeStateAsUpdate(docWith('after')) })
      await client.until(() => client.text === 'after')
      expect(client.connection.status.kind).toBe('synced')
    })
  })

  describe('presence', () => {
    it('announces this client, and nobody else', async () => {
      const [client, session] = await syncedClient()
      session.send({ type: 'awareness', entries: [{ clientID: 7, clock: 1, state: '{"a":1}' }] })
      await client.until(() => client.connection.awareness.getStates().has(7))
      session.send({ type: 'query-awareness' })
      client.connection.awareness.setLocalStateField('here', true)
      client.write('x')
      await session.next('update')
      const entries = entriesOf(session)
      expect(entries.map(({ clientID }) => clientID)).not.toContain(7)
      expect(entries.at(-1)).toMatchObject({ clientID: client.doc.clientID, state: '{"here":true}' })
    })

    it('announces nothing while there is nothing to say', async () => {
      const awareness = new Awareness(new Y.Doc())
      awareness.setLocalState(null)
      onTestFinished(() => awareness.destroy())
      const client = connect(awareness.doc, awareness)
      const session = await synced(server, client, stored)
      client.write('x')
      await session.next('update')
      expect(entriesOf(session)).toEqual([])
    })

    it('is back at once after a reconnect, on both sides', async () => {
      const [client, first] = await syncedClient()
      const other = { clientID: 7, clock: 3, state: '{"a":1}' }
      first.send({ type: 'awareness', entries: [other] })
      await client.until(() => client.connection.awareness.getStates().has(7))
      const before = Math.max(...entriesOf(first).map(({ clock }) => clock))
      first.terminate()
      await client.until(() => !client.connection.awareness.getStates().has(7))
      client.reconnect()
      const session = await synced(server, client, stored)
      session.send({ type: 'awareness', entries: [other] })
      await client.until(() => client.connection.awareness.getStates().has(7))
      expect(entriesOf(session)[0]?.clock).toBeGreaterThan(before)
      expect(entriesOf(session)[0]).toMatchObject({ clientID: client.doc.clientID, state: '{}' })
    })

    it('of somebody whom the server has not seen leave stays, however silent they are', async () => {
      const [client, session] = await syncedClient()
      session.send({ type: 'awareness', entries: [{ clientID: 7, clock: 3, state: '{"a":1}' }] })
      const { awareness } = client.connection
      await client.until(() => awareness.getStates().has(7))
      // y-protocols' clock cannot be moved; this is what it compares with it.
      const aDay = 86_400_000
      expect(awareness.meta.get(7)?.lastUpdated).toBeGreaterThan(Date.now() + aDay)
      session.send({ type: 'awareness', entries: [{ clientID: 7, clock: 4, state: null }] })
      await client.until(() => !awareness.getStates().has(7))
    })

    it('says goodbye', async () => {
      const [client, session] = await syncedClient()
      client.connection.close()
      await session.ended()
      expect(entriesOf(session).at(-1)).toMatchObject({ clientID: client.doc.clientID, state: null })
    })
  })

  describe('a listener', () => {
    it('that throws is reported, and changes nothing', async () => {
      const reported: unknown[] = []
      vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
      onTestFinished(() => void vi.unstubAllGlobals())
      const [client, session] = await syncedClient()
      const mistake = new Error('A mistake from above')
      const fail = (): never => {
        throw mistake
      }
      const told: string[] = []
      client.connection.onSaveState(fail)
      client.connection.onSaveState(({ kind }) => told.push(kind))
      client.connection.awareness.on('change', fail)
      client.write('a')
      await session.next('update')
      session.send({ type: 'ack', count: 2 })
      await client.untilSaveState('saved', 0)
      session.send({ type: 'awareness', entries: [{ clientID: 7, clock: 3, state: '{"a":1}' }] })
      await client.until(() => client.connection.awareness.getStates().has(7))
      client.doc.on('afterTransaction', fail)
      session.send({ type: 'update', update: Y.encodeStateAsUpdate(docWith('b')) })
      await client.until(() => client.text.includes('b'))
      client.doc.off('afterTransaction', fail)
      client.connection.awareness.off('change', fail)
      expect(client.connection.status.kind).toBe('synced')
      expect(client.logged).toEqual([])
      expect(told).toEqual(['saving', 'saved'])
      expect(reported).toEqual([mistake, mistake, mistake, mistake])
    })

    it('that acts is followed by what it brought about, and not by what was before', async () => {
      const client = connect()
      const statuses: string[] = []
      client.connection.onSaveState(({ kind }) => {
        if (kind === 'saved') client.connection.close()
      })
      client.connection.onStatus(({ kind }) => {
        if (kind === 'connecting') client.connection.close()
      })
      client.connection.onStatus(({ kind }) => statuses.push(kind))
      const session = await server.session()
      session.greet(stored)
      await session.answer(stored)
      await client.untilStatus('closed')
      expect(statuses.at(-1)).toBe('closed')
      expect(statuses).not.toContain('synced')
    })
  })

  describe('closing', () => {
    it('may be done twice, and tells nobody anything afterwards', async () => {
      const [client, session] = await syncedClient()
      const statuses: ConnectionStatus[] = []
      client.connection.onStatus((status) => statuses.push(status))
      client.connection.close()
      client.connection.close()
      client.connection.retry()
      await session.ended()
      client.timers.pass(1_000_000)
      expect(statuses).toEqual([{ kind: 'closed' }])
    })
  })
})
