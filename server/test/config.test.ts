import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readServeConfig } from '../config.ts'

describe('the configuration', () => {
  test('has the documented defaults', () => {
    expect(readServeConfig({}, {})).toEqual({
      host: '127.0.0.1',
      port: 1234,
      dataDir: resolve('data'),
      access: 'open',
      basePath: '',
      publicUrl: null,
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
          '  CODRAFT_ACCESS: "closed" is not open',
          '  CODRAFT_BASE_PATH: "docs" is not a path such as /docs, of letters, digits and -._~',
          '  --public-url: "ftp://x" does not begin with http:// or https://',
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
})
