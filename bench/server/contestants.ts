import { fileURLToPath } from 'node:url'
import { codraft, hocuspocus, relay, stockToCodraft, yWebsocket, type Dialect } from './load/dialect.ts'
import { peerNode, peersFolder } from './peers.ts'

/** Who can be measured. */
export const contestantNames = ['codraft', 'hocuspocus', 'y-websocket', 'relay'] as const
export type ContestantName = (typeof contestantNames)[number]

/** How to start a server. */
interface Command {
  /** The Node that it runs on. */
  readonly node: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A server to be measured. */
export interface Contestant {
  readonly name: ContestantName
  /** How most clients speak to it. */
  readonly dialect: Dialect
  /** How a client speaks that wants to hear of every update that the server has it. */
  readonly confirmingDialect: Dialect
  command(port: number, dataFolder: string, options: ContestantOptions): Command
}

export interface ContestantOptions {
  /** The Node that Codraft runs on. */
  readonly node: string
  /** Where Codraft leaves its profile; null for none. */
  readonly profileFolder: string | null
}

const codraftMain = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const contestants: Readonly<Record<ContestantName, Contestant>> = {
  /** As built, with its defaults. */
  codraft: {
    name: 'codraft',
    dialect: stockToCodraft,
    confirmingDialect: codraft,
    command: (port, dataFolder, { node, profileFolder }) => ({
      node,
      args: [
        ...(profileFolder === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder]),
        codraftMain,
        'serve',
        `--port=${port}`,
        `--data=${dataFolder}`,
      ],
      env: {},
    }),
  },
  /** With SQLite in a file, and its defaults: it stores a document 2 to 10 seconds after it has changed. */
  hocuspocus: {
    name: 'hocuspocus',
    dialect: hocuspocus,
    confirmingDialect: hocuspocus,
    command: (port, dataFolder) => ({
      node: peerNode(),
      args: [file('./peer-servers/hocuspocus.mjs')],
      env: { PORT: String(port), DATABASE: `${dataFolder}/documents.sqlite` },
    }),
  },
  /** The server that y-websocket has bundled, with LevelDB: it stores every update, and waits for none to be stored. */
  'y-websocket': {
    name: 'y-websocket',
    dialect: yWebsocket,
    confirmingDialect: yWebsocket,
    command: (port, dataFolder) => ({
      node: peerNode(),
      args: [`${peersFolder}/node_modules/y-websocket/bin/server.js`],
      env: { PORT: String(port), HOST: '127.0.0.1', YPERSISTENCE: dataFolder },
    }),
  },
  /** What no server that looks at what it passes on can beat. */
  relay: {
    name: 'relay',
    dialect: relay,
    confirmingDialect: relay,
    command: (port) => ({
      node: peerNode(),
      args: [file('./peer-servers/relay.mjs')],
      env: { PORT: String(port) },
    }),
  },
}

export function contestantOf(name: ContestantName): Contestant {
  return contestants[name]
}
