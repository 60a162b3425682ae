import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { codraft, root } from '../support/codraft-command.ts'
import { CodraftServer } from '../support/codraft-server.ts'
import { CountingClient } from '../support/stock-client.ts'

test('--version says the version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(codraft('--version')).toMatchObject({ status: 0, stdout: `${version}\n` })
})

test('--help names every setting with its default and variable', () => {
  const { status, stdout } = codraft('serve', '--help')
  expect(status).toBe(0)
  const words = stdout.replaceAll(/\s+/g, ' ')
  for (const setting of [
    '--host',
    '--port',
    '--data',
    '--access',
    '--base-path',
    '--public-url',
    '--trust-proxy',
    '--memory-budget',
    '--compact-after',
    '--history-days',
    '--history-bytes',
    '--max-message-bytes',
    '--max-document-bytes',
    '--max-awareness-bytes',
    '--max-updates-per-second',
    '--max-sessions',
    '--max-sessions-per-document',
    '--max-sessions-per-address',
    '--auth-timeout',
    '--frame-timeout',
    '--max-backlog',
    '--max-unsaved-bytes',
    '--metrics-host',
    '--metrics-port',
    '--shutdown-timeout',
    '--log-level',
  ]) {
    expect(words).toContain(setting)
  }
  expect(words).toContain('(default 1234, env CODRAFT_PORT)')
})

test('every bad value is named in one message, with exit code 2', () => {
  const { status, stderr } = codraft('serve', '--port', 'http', '--access', 'none')
  expect(status).toBe(2)
  expect(stderr).toContain('--port: "http" is not a whole number from 0 to 65535')
  expect(stderr).toContain('--access: "none" is not open')
})

test('an unknown flag and an unknown command end with exit code 2', () => {
  expect(codraft('serve', '--prot', '1').status).toBe(2)
  expect(codraft('server').status).toBe(2)
})

test.describe('a running server', () => {
  let server: CodraftServer
  test.beforeEach(async () => {
    server = await CodraftServer.start()
  })
  test.afterEach(() => server.remove())

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`saves and exits with 0 on ${signal}`, async () => {
      const client = new CountingClient(server.webSocketUrl, 'doc')
      await client.synced()
      client.text.insert(0, 'kept')
      expect(await server.signal(signal)).toBe(0)
      client.close()
      await server.start()
      const fresh = await new CountingClient(server.webSocketUrl, 'doc').synced()
      expect(fresh.text.toJSON()).toBe('kept')
      fresh.close()
    })
  }

  test('has its data folder to itself, and its port', () => {
    const second = codraft('serve', '--port', '0', '--data', server.dataDir)
    expect(second.status).toBe(1)
    expect(second.stderr).toMatch(/^codraft: .*another process/m)
    expect(second.stderr).not.toContain('    at ')

    const elsewhere = mkdtempSync(join(tmpdir(), 'codraft-e2e-'))
    const third = codraft('serve', '--port', new URL(server.url).port, '--data', elsewhere)
    rmSync(elsewhere, { recursive: true })
    expect(third.status).toBe(1)
    expect(third.stderr).toContain('EADDRINUSE')
  })

  test('logs one JSON object a line', async () => {
    const client = await new CountingClient(server.webSocketUrl, 'doc').synced()
    client.close()
    await server.signal('SIGTERM')
    const messages = server.log
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages).toEqual(
      expect.arrayContaining(['listening', 'session opened', 'session closed', 'stopping']),
    )
  })

  test('is alive, ready, and serves its pages', async () => {
    for (const path of ['healthz', 'readyz', '', 'd/some/document', 'codraft-editor.js']) {
      expect((await fetch(server.url + path)).status).toBe(200)
    }
  })
})
