/** The levels of the log, the least talkative first. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What settings are for, as the headings of `--help`. */
type SettingGroup = 'Address' | 'Storage' | 'Access' | 'Limits' | 'Operation'

/** One setting of `codraft serve`, as `--help` shows it. */
export interface Setting {
  readonly group: SettingGroup
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
    group: 'Address',
    flag: '--host',
    value: 'address',
    variable: 'CODRAFT_HOST',
    initial: '127.0.0.1',
    description: 'address to listen on; 0.0.0.0 is every IPv4 one',
  },
  port: {
    group: 'Address',
    flag: '--port',
    value: 'number',
    variable: 'CODRAFT_PORT',
    initial: '1234',
    description: 'TCP port to listen on; 0 picks a free one and prints it',
  },
  basePath: {
    group: 'Address',
    flag: '--base-path',
    value: 'path',
    variable: 'CODRAFT_BASE_PATH',
    initial: '',
    description: 'path that all request paths begin with, as /docs, where a proxy passes it on',
  },
  publicUrl: {
    group: 'Address',
    flag: '--public-url',
    value: 'url',
    variable: 'CODRAFT_PUBLIC_URL',
    initial: '',
    description:
      'where people reach the server, as https://example.org/docs, where that is not where it listens',
  },
  trustProxy: {
    group: 'Address',
    flag: '--trust-proxy',
    value: 'count',
    variable: 'CODRAFT_TRUST_PROXY',
    initial: '0',
    description:
      'proxies in front that add to X-Forwarded-For, whose word is taken for where people are; 0: none is believed',
  },
  data: {
    group: 'Storage',
    flag: '--data',
    value: 'folder',
    variable: 'CODRAFT_DATA_DIR',
    initial: './data',
    description: 'folder that holds the documents; made if missing',
  },
  memoryBudget: {
    group: 'Storage',
    flag: '--memory-budget',
    value: 'size',
    variable: 'CODRAFT_MEMORY_BUDGET',
    initial: '256M',
    description: 'memory for documents that nobody is writing; beyond it they are read from disk again',
  },
  compactAfter: {
    group: 'Storage',
    flag: '--compact-after',
    value: 'count',
    variable: 'CODRAFT_COMPACT_AFTER',
    initial: '1000',
    description:
      'edits of one document on disk that are folded into a snapshot, if they are not few beside it',
  },
  historyDays: {
    group: 'Storage',
    flag: '--history-days',
    value: 'days',
    variable: 'CODRAFT_HISTORY_DAYS',
    initial: '365',
    description: 'how long it is kept who wrote what when; 0: not at all, none: for ever',
  },
  historyBytes: {
    group: 'Storage',
    flag: '--history-bytes',
    value: 'size',
    variable: 'CODRAFT_HISTORY_BYTES',
    initial: '64M',
    description: 'history kept of one document, the oldest is dropped first; 0: nothing, none: no limit',
  },
  access: {
    group: 'Access',
    flag: '--access',
    value: 'policy',
    variable: 'CODRAFT_ACCESS',
    initial: 'open',
    description: 'who may do what; open: everyone who reaches the server edits every document',
  },
  maxMessageBytes: {
    group: 'Limits',
    flag: '--max-message-bytes',
    value: 'size',
    variable: 'CODRAFT_MAX_MESSAGE_BYTES',
    initial: '32M',
    description: 'one message of a client',
  },
  maxDocumentBytes: {
    group: 'Limits',
    flag: '--max-document-bytes',
    value: 'size',
    variable: 'CODRAFT_MAX_DOCUMENT_BYTES',
    initial: '64M',
    description: 'one document as it is stored; 0: no limit',
  },
  maxAwarenessBytes: {
    group: 'Limits',
    flag: '--max-awareness-bytes',
    value: 'size',
    variable: 'CODRAFT_MAX_AWARENESS_BYTES',
    initial: '64k',
    description: "one client's awareness state: its caret, its name",
  },
  maxUpdatesPerSecond: {
    group: 'Limits',
    flag: '--max-updates-per-second',
    value: 'count',
    variable: 'CODRAFT_MAX_UPDATES_PER_SECOND',
    initial: '50000',
    description: 'messages of one session; a faster one is read more slowly; 0: no limit',
  },
  maxSessions: {
    group: 'Limits',
    flag: '--max-sessions',
    value: 'count',
    variable: 'CODRAFT_MAX_SESSIONS',
    initial: '20000',
    description: 'open sessions; 0: no limit',
  },
  maxSessionsPerDocument: {
    group: 'Limits',
    flag: '--max-sessions-per-document',
    value: 'count',
    variable: 'CODRAFT_MAX_SESSIONS_PER_DOCUMENT',
    initial: '2000',
    description: 'open sessions of one document; 0: no limit',
  },
  maxSessionsPerAddress: {
    group: 'Limits',
    flag: '--max-sessions-per-address',
    value: 'count',
    variable: 'CODRAFT_MAX_SESSIONS_PER_ADDRESS',
    initial: '2000',
    description: 'open sessions of one IPv4 address or IPv6 /64 network, see --trust-proxy; 0: no limit',
  },
  authTimeout: {
    group: 'Limits',
    flag: '--auth-timeout',
    value: 'duration',
    variable: 'CODRAFT_AUTH_TIMEOUT',
    initial: '20s',
    description:
      'for a request to arrive, and then for a session to get its document and to say its first word',
  },
  frameTimeout: {
    group: 'Limits',
    flag: '--frame-timeout',
    value: 'duration',
    variable: 'CODRAFT_FRAME_TIMEOUT',
    initial: '2m',
    description: 'for a message of a client, from its first byte to its last',
  },
  maxBacklog: {
    group: 'Limits',
    flag: '--max-backlog',
    value: 'size',
    variable: 'CODRAFT_MAX_BACKLOG',
    initial: '1M',
    description: 'kept for one client that reads slowly; beyond it, it catches up when it reads again',
  },
  maxUnsavedBytes: {
    group: 'Limits',
    flag: '--max-unsaved-bytes',
    value: 'size',
    variable: 'CODRAFT_MAX_UNSAVED_BYTES',
    initial: '64M',
    description: 'taken and not on disk yet, of all documents; beyond it edits are to be tried again later',
  },
  metricsHost: {
    group: 'Operation',
    flag: '--metrics-host',
    value: 'address',
    variable: 'CODRAFT_METRICS_HOST',
    initial: '127.0.0.1',
    description: 'address to listen on at --metrics-port',
  },
  metricsPort: {
    group: 'Operation',
    flag: '--metrics-port',
    value: 'number',
    variable: 'CODRAFT_METRICS_PORT',
    initial: '',
    description: 'TCP port for /metrics alone, which the main port then does not have; 0 picks a free one',
  },
  shutdownTimeout: {
    group: 'Operation',
    flag: '--shutdown-timeout',
    value: 'duration',
    variable: 'CODRAFT_SHUTDOWN_TIMEOUT',
    initial: '6s',
    description: 'for a stopping server to save everything and to let its clients go',
  },
  logLevel: {
    group: 'Operation',
    flag: '--log-level',
    value: 'level',
    variable: 'CODRAFT_LOG_LEVEL',
    initial: 'info',
    description: `least level that is logged: ${logLevels.join(', ')}`,
  },
} as const satisfies Record<string, Setting>

/** The values that were given on the command line. */
export type Flags = { readonly [name in keyof typeof settings]?: string | undefined }
