import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the peers' own package.json is. */
export const peersFolder = fileURLToPath(new URL('../peers', import.meta.url))

/** The Node that the peers run on, installed with them: Hocuspocus needs at least 22. */
export function peerNode(): string {
  return `${nodeFolder()}/bin/node`
}

function nodeFolder(): string {
  return `${peersFolder}/node_modules/node-linux-${process.arch}`
}

/** The one native module that is not delivered ready. */
const nativeModule = `${peersFolder}/node_modules/better-sqlite3/build/Release/better_sqlite3.node`

/** Installs the peers unless they are there. Throws an error if that fails. */
export function installPeers(): void {
  if (existsSync(nativeModule)) return
  process.stderr.write(
    'Installing the peers in bench/peers (once; a few minutes if SQLite has to be compiled)\n',
  )
  npm(['ci', '--ignore-scripts'], process.env)
  // With the peers' Node, since a native module fits one version only, and with its headers, which came with it.
  npm(['rebuild', 'better-sqlite3'], {
    ...process.env,
    PATH: `${nodeFolder()}/bin${delimiter}${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: nodeFolder(),
  })
  if (!existsSync(nativeModule)) throw new Error(`${nativeModule} was not made`)
}

function npm(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, error } = spawnSync('npm', args, { cwd: peersFolder, env, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${peersFolder}`, { cause: error })
}
