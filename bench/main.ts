import { benchBindings } from './bindings.ts'
import { benchOffline } from './offline.ts'
import { benchServer } from './server/bench-server.ts'

/** `npm run bench -- <name> [options]`: README.md says what each of them measures. */
const [bench, ...options] = process.argv.slice(2)

if (bench === 'bindings') {
  benchBindings(options)
} else if (bench === 'offline') {
  benchOffline(options)
} else if (bench === undefined || bench === 'server') {
  await benchServer(options)
} else {
  process.stderr.write(
    'Usage: npm run bench -- server [scenario …] [options] | bindings [words …] | offline [seed]\n',
  )
  process.exitCode = 2
}
