import { resolve } from 'node:path'

/** What `codraft serve` runs with. */
export interface ServeConfig {
  readonly host: string
  /** 0 lets the operating system pick one. */
  readonly port: number
  /** An absolute path. */
  readonly dataDir: string
  readonly access: 'open'
  /** What the paths of incoming requests begin with: '' or `/path`, without a slash at its end. */
  readonly basePath: string
  /** Where people reach the server, without a slash at its end; null if just where it listens. */
  readonly publicUrl: string | null
  readonly logLevel: LogLevel
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** One setting of `codraft serve`, as `--help` shows it. */
export interface Setting {
  readonly flag: string
  /** The placeholder of its value. */
  readonly value: string
  readonly variable: string
  readonly initial: string
  readonly description: string
}

/** Every setting; a flag wins over its environment variable, and that over the default. */
export const settings = {
  host: {
    flag: '--host',
    value: 'address',
    variable: 'CODRAFT_HOST',
    initial: '127.0.0.1',
    description: 'address to listen on; 0.0.0.0 is every IPv4 one',
  },
  port: {
    flag: '--port',
    value: 'number',
    variable: 'CODRAFT_PORT',
    initial: '1234',
    description: 'TCP port to listen on; 0 picks a free one and prints it',
  },
  data: {
    flag: '--data',
    value: 'folder',
    variable: 'CODRAFT_DATA_DIR',
    initial: './data',
    description: 'folder that holds the documents; made if missing',
  },
  access: {
    flag: '--access',
    value: 'policy',
    variable: 'CODRAFT_ACCESS',
    initial: 'open',
    description: 'who may do what; open: everyone who reaches the server edits every document',
  },
  basePath: {
    flag: '--base-path',
    value: 'path',
    variable: 'CODRAFT_BASE_PATH',
    initial: '',
    description: 'path that all request paths begin with, as /docs, where a proxy passes it on',
  },
  publicUrl: {
    flag: '--public-url',
    value: 'url',
    variable: 'CODRAFT_PUBLIC_URL',
    initial: '',
    description:
      'where people reach the server, as https://example.org/docs, where that is not where it listens',
  },
  logLevel: {
    flag: '--log-level',
    value: 'level',
    variable: 'CODRAFT_LOG_LEVEL',
    initial: 'info',
    description: `least level that is logged: ${logLevels.join(', ')}`,
  },
} as const satisfies Record<string, Setting>

/** The values that were given on the command line. */
export type Flags = { readonly [name in keyof typeof settings]?: string | undefined }

/** The configuration holds values that cannot be used; the message names every one of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads the configuration from flags and environment; throws a `ConfigError` that names all bad values at once. */
export function readServeConfig(
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServeConfig {
  const problems: string[] = []

  /** Checks one setting; a problem is what is wrong with the value, as the end of a sentence. */
  function read<T>(name: keyof typeof settings, parse: (value: string) => T): T | undefined {
    const { flag, variable, initial } = settings[name]
    const fromEnvironment = environment[variable]
    const isFlag = flags[name] !== undefined
    // An empty variable is how shells and container files say that it is not set.
    const value =
      flags[name] ?? (fromEnvironment === undefined || fromEnvironment === '' ? initial : fromEnvironment)
    try {
      return parse(value)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      problems.push(`${isFlag ? flag : variable}: ${JSON.stringify(value)} ${error.message}`)
      return undefined
    }
  }

  const config = {
    host: read('host', parseHost),
    port: read('port', parsePort),
    dataDir: read('data', parseFolder),
    access: read('access', (value) => oneOf(value, ['open'] as const)),
    basePath: read('basePath', parseBasePath),
    publicUrl: read('publicUrl', parsePublicUrl),
    logLevel: read('logLevel', (value) => oneOf(value, logLevels)),
  }
  if (!isComplete(config)) {
    throw new ConfigError(
      `the configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
  return config
}

function isComplete<T extends object>(
  config: T,
): config is { [name in keyof T]: Exclude<T[name], undefined> } {
  return Object.values(config).every((value) => value !== undefined)
}

/** What is wrong with a value, as the end of a sentence that begins with it. */
class BadValue extends Error {}

function parseHost(value: string): string {
  if (!/^[^\s/]+$/.test(value)) throw new BadValue('is not a host name or address')
  return value
}

function parsePort(value: string): number {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port > 65535) throw new BadValue('is not a whole number from 0 to 65535')
  return port
}

function parseFolder(value: string): string {
  if (value === '' || value.includes('\0')) throw new BadValue('is not the path of a folder')
  return resolve(value)
}

function parseBasePath(value: string): string {
  const path = value.replace(/\/$/, '')
  if (!/^(\/[\w.~-]+)*$/.test(path) || /\/\.{1,2}(\/|$)/.test(path)) {
    throw new BadValue('is not a path such as /docs, of letters, digits and -._~')
  }
  return path
}

function parsePublicUrl(value: string): string | null {
  if (value === '') return null
  if (!URL.canParse(value)) throw new BadValue('is not a URL')
  const url = new URL(value)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BadValue('does not begin with http:// or https://')
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new BadValue('has more than a host, a port and a path')
  }
  return url.href.replace(/\/$/, '')
}

function oneOf<T extends string>(value: string, values: readonly T[]): T {
  const found = values.find((known) => known === value)
  if (found === undefined)
    throw new BadValue(`is not ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`)
  return found
}
