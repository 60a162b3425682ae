import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

describe('the HTTP server', () => {
  test('says that it lives and is ready', async () => {
    const { url } = await startServer()
    expect(await (await fetch(`${url}healthz`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${url}readyz`)).json()).toEqual({ status: 'ready' })
  })

  test('serves the pages with a policy that allows no inline script', async () => {
    const { url } = await startServer()
    const home = await fetch(url)
    expect(await home.text()).toContain('<title>Home</title>')
    const page = await fetch(`${url}d/team/notes`)
    expect(await page.text()).toContain('<title>Document</title>')
    for (const { headers } of [home, page]) {
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    }
  })

  test('serves the page of a name that is not legal as not found', async () => {
    const { url } = await startServer()
    expect((await fetch(`${url}d/%00`)).status).toBe(404)
  })

  test('lets pages of other origins load the editor', async () => {
    const { url } = await startServer()
    const response = await fetch(`${url}codraft-editor.js`)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('content-type')).toContain('javascript')
  })

  test.each([
    '/nothing',
    '/document.html',
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '//',
    '/%',
    '/%00',
  ])('has nothing at %s', async (path) => {
    const { url } = await startServer()
    expect(await rawGet(url, path)).toEqual({
      status: 404,
      body: { error: 'not-found', message: 'There is nothing here.' },
    })
  })

  test('answers those who would rather have HTTP/2', async () => {
    const { url } = await startServer()
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
    }
    expect(await rawGet(url, '/healthz', headers)).toEqual({ status: 200, body: { status: 'ok' } })
  })

  test('survives that a socket is reset whose upgrade it refuses, and lets go of those that are not', async () => {
    const server = await startServer()
    const { port, hostname } = new URL(server.url)
    const refused = 'GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    for (let i = 0; i < 50; i++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.write(refused)
      if (i % 2 === 0) socket.resetAndDestroy()
    }
    expect((await fetch(`${server.url}healthz`)).status).toBe(200)
    await server.stop()
  })
})

/** A request whose path is sent as it is. */
async function rawGet(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; body: unknown }> {
  const { port, hostname } = new URL(url)
  const [response] = (await once(get({ port, hostname, path, headers, agent: false }), 'response')) as [
    IncomingMessage,
  ]
  return { status: response.statusCode, body: await json(response) }
}

describe('below a path', () => {
  test('everything is there, health at the root as well', async () => {
    const { url } = await startServer({ flags: { basePath: '/docs' } })
    expect(url).toMatch(/\/docs\/$/)
    expect(await (await fetch(`${url}d/x`)).text()).toContain('<base href="/docs/">')
    expect((await fetch(`${url}codraft-editor.js`)).status).toBe(200)
    expect((await fetch(new URL('/healthz', url))).status).toBe(200)
    expect((await fetch(`${url}healthz`)).status).toBe(200)
    expect((await fetch(new URL('/d/x', url))).status).toBe(404)
    expect((await fetch(new URL('/docs', url))).url).toBe(url)
    const alice = await TestClient.connect(url, 'doc')
    await alice.untilReceived('sync-step-2')
  })

  test('a proxy that takes the path away is told by the public URL alone', async () => {
    const { url, address } = await startServer({ flags: { publicUrl: 'https://example.org/docs' } })
    expect(url).toBe('https://example.org/docs/')
    expect(await (await fetch(`${address}d/x`)).text()).toContain('<base href="/docs/">')
  })
})
