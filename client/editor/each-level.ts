import { MAX_INDENT } from '../../document/index.ts'

/** Style rules for every indent that there can be, from none at all. */
export function eachLevel(rule: (level: number) => string): string {
  return Array.from({ length: MAX_INDENT + 1 }, (_, level) => rule(level)).join('\n')
}
