// Hocuspocus as its documentation has it, with its SQLite extension. Run by the benchmark, on a Node of at least 22.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// What it needs is installed beside, so that nothing of it is in the way of the project's own packages.
const require = createRequire(new URL('../../peers/package.json', import.meta.url))
const load = (name) => import(pathToFileURL(require.resolve(name)).href)
const [{ Server }, { SQLite }] = await Promise.all([
  load('@hocuspocus/server'),
  load('@hocuspocus/extension-sqlite'),
])

const server = new Server({
  port: Number(process.env.PORT),
  address: '127.0.0.1',
  quiet: true,
  extensions: [new SQLite({ database: process.env.DATABASE })],
})
await server.listen()
