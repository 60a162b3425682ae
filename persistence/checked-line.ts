import { checksum } from './checksum.ts'

/**
 * A line of text that notices its own damage: the checksum of its JSON in eight hexadecimal digits, a space, the JSON, a
 * line feed. JSON escapes line feeds, so after a damaged line a reader finds the next one whatever the damage was.
 */
export function encodeCheckedLine(value: unknown): string {
  const json = JSON.stringify(value)
  return `${encodeChecksum(json)} ${json}\n`
}

/** The value that a line carries, given without its line feed; undefined if it is damaged. */
export function decodeCheckedLine(line: string): unknown {
  const json = line.slice(9)
  if (encodeChecksum(json) !== line.slice(0, 8) || line[8] !== ' ') return undefined
  return JSON.parse(json)
}

function encodeChecksum(json: string): string {
  return checksum(Buffer.from(json)).toString(16).padStart(8, '0')
}
