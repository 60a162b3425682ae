import { resolve } from 'node:path'
import { IMPORT_SOURCES, type ImportSource } from '../document/import/index.ts'
import { documentNameProblem } from '../protocol/index.ts'

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
  const { read, complete } = settingsReader(flags, environment)
  return complete({
    host: read('host', parseHost),
    port: read('port', parsePort),
    dataDir: read('data', parseFolder),
    access: read('access', (value) => oneOf(value, ['open'] as const)),
    basePath: read('basePath', parseBasePath),
    publicUrl: read('publicUrl', parsePublicUrl),
    logLevel: read('logLevel', (value) => oneOf(value, logLevels)),
  })
}

/** What `codraft import` runs with. */
export interface ImportConfig {
  readonly from: ImportSource
  readonly documentName: string
  /** Undefined for the one that the editor usually has. */
  readonly fragment: string | undefined
  /** An absolute path. */
  readonly dataDir: string
  /** A path, or `-` for standard input. */
  readonly file: string
}

/** The values that `codraft import` was given on the command line. */
export interface ImportFlags extends Pick<Flags, 'data'> {
  readonly from: string
  readonly document: string
  readonly fragment?: string
}

/** Reads what to import, and where to, as `readServeConfig` does. */
export function readImportConfig(
  file: string,
  flags: ImportFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ImportConfig {
  const { read, check, complete } = settingsReader({ data: flags.data }, environment)
  return {
    ...complete({
      from: check('--from', flags.from, (value) => oneOf(value, IMPORT_SOURCES)),
      documentName: check('--document', flags.document, parseDocumentName),
      dataDir: read('data', parseFolder),
    }),
    fragment: flags.fragment,
    file,
  }
}

/** Reads settings one by one, and collects what is wrong with them. */
function settingsReader(flags: Flags, environment: Readonly<Record<string, string | undefined>>) {
  const problems: string[] = []

  /** Checks one value; a problem is what is wrong with it, as the end of a sentence. */
  function check<T>(where: string, value: string, parse: (value: string) => T): T | undefined {
    try {
      return parse(value)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      problems.push(`${where}: ${JSON.stringify(value)} ${error.message}`)
      return undefined
    }
  }

  function read<T>(name: keyof typeof settings, parse: (value: string) => T): T | undefined {
    const { flag, variable, initial } = settings[name]
    const given = flags[name]
    if (given !== undefined) return check(flag, given, parse)
    const fromEnvironment = environment[variable]
    // An empty variable is how shells and container files say that it is not set.
    return check(
      variable,
      fromEnvironment === undefined || fromEnvironment === '' ? initial : fromEnvironment,
      parse,
    )
  }

  /** Throws a `ConfigError` that names all bad values, if there are any. */
  function complete<T extends object>(config: T): Complete<T> {
    if (isComplete(config)) return config
    throw new ConfigError(
      `the configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }

  return { check, read, complete }
}

type Complete<T extends object> = { [name in keyof T]: Exclude<T[name], undefined> }

function isComplete<T extends object>(config: T): config is T & Complete<T> {
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

function parseDocumentName(value: string): string {
  const problem = documentNameProblem(value)
  if (problem !== null) throw new BadValue(problem)
  return value
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
