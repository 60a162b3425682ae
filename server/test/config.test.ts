import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readServeConfig } from '../config.ts'

const MIB = 1024 * 1024

describe('the configuration', () => {
  test('has the documented defaults', () => {
    expect(readServeConfig({}, {})).toEqual({
      host: '127.0.0.1',
      port: 1234,
      dataDir: resolve('data'),
      access: 'open',
      basePath: '',
      publicUrl: null,
      trustProxy: 0,
      memoryBudget: 256 * MIB,
      compactAfter: 1_000,
      history: { days: 365, bytes: 64 * MIB },
      limits: {
        messageBytes: 32 * MIB,
        documentBytes: 64 * MIB,
        awarenessBytes: 64 * 1024,
        updatesPerSecond: 50_000,
        sessions: 20_000,
        sessionsPerDocument: 2_000,
        sessionsPerAddress: 2_000,
        authTimeout: 20_000,
        frameTimeout: 120_000,
        backlogBytes: MIB,
        unsavedBytes: 64 * MIB,
      },
      metrics: { host: '127.0.0.1', port: null },
      shutdownTimeout: 6_000,
      logLevel: 'info',
    })
  })

  test('takes flags before variables, and takes an empty variable for none', () => {
    const environment = { CODRAFT_PORT: '1', CODRAFT_HOST: 'a', CODRAFT_LOG_LEVEL: '' }
    expect(readServeConfig({ port: '2' }, environment)).toMatchObject({
      port: 2,
      host: 'a',
      logLevel: 'info',
    })
  })

  test('drops the slash at the end of paths', () => {
    expect(readServeConfig({ basePath: '/docs/', publicUrl: 'https://example.org/docs/' }, {})).toMatchObject(
      {
        basePath: '/docs',
        publicUrl: 'https://example.org/docs',
      },
    )
  })

  test('names every bad value in one error', () => {
    const environment = { CODRAFT_ACCESS: 'closed', CODRAFT_BASE_PATH: 'docs' }
    expect(() =>
      readServeConfig({ port: '-1', publicUrl: 'ftp://x', logLevel: 'loud', host: 'a b' }, environment),
    ).toThrow(
      new ConfigError(
        [
          'the configuration cannot be used:',
          '  --host: "a b" is not a host name or address',
          '  --port: "-1" is not a whole number from 0 to 65535',
          '  CODRAFT_BASE_PATH: "docs" is not a path such as /docs, of letters, digits and -._~',
          '  --public-url: "ftp://x" does not begin with http:// or https://',
          '  CODRAFT_ACCESS: "closed" is not open',
          '  --log-level: "loud" is not one of fatal, error, warn, info, debug, trace, silent',
        ].join('\n'),
      ),
    )
  })

  test.each(['1.5', '', '65536', '0x10', '1e3'])('refuses the port %j', (port) => {
    expect(() => readServeConfig({ port }, {})).toThrow(ConfigError)
  })

  test.each(['/a/../b', '/a b', '//', '/?', 'https://x'])('refuses the base path %j', (basePath) => {
    expect(() => readServeConfig({ basePath }, {})).toThrow(ConfigError)
  })

  test.each(['example.org', 'https://u:p@example.org', 'https://example.org/?q'])(
    'refuses the public URL %j',
    (publicUrl) => {
      expect(() => readServeConfig({ publicUrl }, {})).toThrow(ConfigError)
    },
  )

  test.each([
    ['65536', 65_536],
    ['64k', 65_536],
    ['2M', 2 * MIB],
    ['1g', 1024 * MIB],
    ['0', Infinity],
  ])('takes the size %s', (maxDocumentBytes, bytes) => {
    expect(readServeConfig({ maxDocumentBytes }, {}).limits.documentBytes).toBe(bytes)
  })

  test.each([
    ['64kB', 'is not a size such as 65536, 64k, 32M or 1G'],
    ['1.5M', 'is not a size such as 65536, 64k, 32M or 1G'],
    ['-1', 'is not a size such as 65536, 64k, 32M or 1G'],
    ['1', 'is not from 1k to 512M'],
    ['1G', 'is not from 1k to 512M'],
    ['0', 'is not from 1k to 512M'],
  ])('refuses the size %s', (maxMessageBytes, problem) => {
    expect(() => readServeConfig({ maxMessageBytes }, {})).toThrow(
      `--max-message-bytes: ${JSON.stringify(maxMessageBytes)} ${problem}`,
    )
  })

  test.each([
    ['500ms', 500],
    ['6s', 6_000],
    ['2m', 120_000],
    ['24h', 86_400_000],
  ])('takes the duration %s', (shutdownTimeout, milliseconds) => {
    expect(readServeConfig({ shutdownTimeout }, {}).shutdownTimeout).toBe(milliseconds)
  })

  test.each(['6', '6 s', '1.5s', '0s', '25h', ''])('refuses the duration %j', (shutdownTimeout) => {
    expect(() => readServeConfig({ shutdownTimeout }, { CODRAFT_SHUTDOWN_TIMEOUT: '' })).toThrow(ConfigError)
  })

  test.each([
    ['0', 0],
    ['30', 30],
    ['none', Infinity],
  ])('takes %s days of history', (historyDays, days) => {
    expect(readServeConfig({ historyDays }, {}).history.days).toBe(days)
  })

  test('takes 0 for no limit where the help says so', () => {
    const none = { maxSessions: '0', maxUpdatesPerSecond: '0', maxSessionsPerAddress: '0' }
    expect(readServeConfig(none, {}).limits).toMatchObject({
      sessions: Infinity,
      updatesPerSecond: Infinity,
      sessionsPerAddress: Infinity,
    })
  })
})
