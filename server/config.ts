import type { Moment } from './history/moment.ts'
import { IMPORT_SOURCES, type ImportSource } from '../document/import/index.ts'
import type { Limits } from './limits.ts'
import {
  BadValue,
  oneOf,
  orNoLimit,
  orNone,
  parseBasePath,
  parseCount,
  parseDocumentName,
  parseDuration,
  parseFolder,
  parseHost,
  parseMoment,
  parseNeededDocument,
  parsePort,
  parsePublicUrl,
  parseSize,
} from './setting-values.ts'
import { logLevels, settings, type Flags, type LogLevel } from './settings.ts'

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
  /** How many proxies in front of the server tell the truth in `X-Forwarded-For`. */
  readonly trustProxy: number
  readonly limits: Limits
  /** For documents that nobody writes to, in bytes. */
  readonly memoryBudget: number
  /** How many entries a document's log may hold beyond its snapshot before they are folded into a new one. */
  readonly compactAfter: number
  /** How much is kept of who wrote what when; `Infinity` is all, 0 is nothing. */
  readonly history: {
    readonly days: number
    /** Of one document. */
    readonly bytes: number
  }
  readonly metrics: {
    readonly host: string
    /** Null for where everything else is. */
    readonly port: number | null
  }
  /** How long a stopping server may take to save and to let its clients go, in milliseconds. */
  readonly shutdownTimeout: number
  readonly logLevel: LogLevel
}

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
    basePath: read('basePath', parseBasePath),
    publicUrl: read('publicUrl', parsePublicUrl),
    trustProxy: read('trustProxy', parseCount(10)),
    dataDir: read('data', parseFolder),
    memoryBudget: read('memoryBudget', parseSize('0', '1024G')),
    compactAfter: read('compactAfter', parseCount(1_000_000, 1)),
    history: {
      days: read('historyDays', orNone(parseCount(100_000))),
      bytes: read('historyBytes', orNone(parseSize('0', '1024G'))),
    },
    access: read('access', (value) => oneOf(value, ['open'] as const)),
    limits: {
      messageBytes: read('maxMessageBytes', parseSize('1k', '512M')),
      documentBytes: read('maxDocumentBytes', orNoLimit(parseSize('1k', '1024G'))),
      awarenessBytes: read('maxAwarenessBytes', parseSize('256', '16M')),
      updatesPerSecond: read('maxUpdatesPerSecond', orNoLimit(parseCount(10_000_000))),
      sessions: read('maxSessions', orNoLimit(parseCount(1_000_000))),
      sessionsPerDocument: read('maxSessionsPerDocument', orNoLimit(parseCount(1_000_000))),
      sessionsPerAddress: read('maxSessionsPerAddress', orNoLimit(parseCount(1_000_000))),
      authTimeout: read('authTimeout', parseDuration),
      frameTimeout: read('frameTimeout', parseDuration),
      backlogBytes: read('maxBacklog', parseSize('16k', '1G')),
      unsavedBytes: read('maxUnsavedBytes', parseSize('64k', '1024G')),
    },
    metrics: {
      host: read('metricsHost', parseHost),
      port: read('metricsPort', (value) => (value === '' ? null : parsePort(value))),
    },
    shutdownTimeout: read('shutdownTimeout', parseDuration),
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

/** What the commands for a stopped server's data folder run with. */
export interface FolderConfig {
  /** An absolute path. */
  readonly dataDir: string
  /** Null for all documents. */
  readonly documentName: string | null
}

/** The values that those commands were given on the command line. */
export interface FolderFlags extends Pick<Flags, 'data'> {
  readonly document?: string
  readonly json?: boolean
}

/** Reads which data folder and document a command is about, as `readServeConfig` does. */
export function readFolderConfig(
  flags: FolderFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): FolderConfig {
  const { read, check, complete } = settingsReader({ data: flags.data }, environment)
  const { document } = flags
  return complete({
    dataDir: read('data', parseFolder),
    documentName: document === undefined ? null : check('--document', document, parseDocumentName),
  })
}

/** What `codraft inspect` runs with. */
export interface InspectConfig extends FolderConfig {
  /** The moment whose text is shown; null for none. */
  readonly at: Moment | null
  readonly showsHistory: boolean
}

/** The values that `codraft inspect` was given on the command line. */
export interface InspectFlags extends FolderFlags {
  readonly at?: string
  readonly history?: boolean
}

/** Reads what to inspect, as `readServeConfig` does. */
export function readInspectConfig(
  flags: InspectFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): InspectConfig {
  const { check, complete } = settingsReader({}, environment)
  const { document, at, history = false } = flags
  const isOfOne = document !== undefined || (at === undefined && !history)
  return {
    ...readFolderConfig(flags, environment),
    ...complete({
      at: at === undefined ? null : check('--at', at, parseMoment),
      showsHistory: isOfOne ? history : check('--document', '', parseNeededDocument),
    }),
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

/** Of the groups of settings within as well. */
type Complete<T> = {
  [name in keyof T]: T[name] extends object ? Complete<T[name]> : Exclude<T[name], undefined>
}

function isComplete<T extends object>(config: T): config is T & Complete<T> {
  return Object.values(config).every(
    (value: unknown) =>
      value !== undefined && (typeof value !== 'object' || value === null || isComplete(value)),
  )
}
