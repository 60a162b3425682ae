import { benchBindings } from './bindings.ts'

/** `npm run bench -- <name> [options]`: README.md says what each of them measures. */
const [bench, ...options] = process.argv.slice(2)

if (bench === 'bindings') {
  benchBindings(options)
} else {
  process.stderr.write('Usage: npm run bench -- bindings [words …]\n')
  process.exitCode = 2
}
