import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'

/*
 * `npm run dev`: compiles on every change, restarts the server when its code has changed, and serves the client with
 * reload. Open the address that Vite prints; what it does not have itself it takes from the server.
 */

const children: ChildProcess[] = []

function start(command: string, ...args: string[]): void {
  const child = spawn(command, args, { stdio: 'inherit' })
  child.on('exit', () => stop())
  children.push(child)
}

function stop(): void {
  for (const child of children) child.kill('SIGTERM')
}

process.on('SIGINT', stop)
process.on('SIGTERM', stop)

spawnSync('npx', ['tsc', '-b'], { stdio: 'inherit' })
// The server wants the built pages to be there, though Vite serves its own.
if (!existsSync('dist/app/index.html')) {
  spawnSync('npx', ['vite', 'build', '--config', 'client/vite.config.ts'], { stdio: 'inherit' })
}
start('npx', 'tsc', '-b', '--watch', '--preserveWatchOutput')
start(
  process.execPath,
  '--watch-path=dist/server',
  '--watch-path=dist/protocol',
  '--watch-path=dist/persistence',
  'dist/server/main.js',
  'serve',
)
start('npx', 'vite', '--config', 'client/vite.config.ts')
