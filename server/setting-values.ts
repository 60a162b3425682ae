import { resolve } from 'node:path'
import type { Moment } from './history/moment.ts'
import { documentNameProblem } from '../protocol/index.ts'

/** What is wrong with a value, as the end of a sentence that begins with it. */
export class BadValue extends Error {}

/** A host name or address. */
export function parseHost(value: string): string {
  if (!/^[^\s/]+$/.test(value)) throw new BadValue('is not a host name or address')
  return value
}

/** A TCP port; 0 is for the operating system to pick one. */
export function parsePort(value: string): number {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port > 65535) throw new BadValue('is not a whole number from 0 to 65535')
  return port
}

/** The absolute path of a folder. */
export function parseFolder(value: string): string {
  if (value === '' || value.includes('\0')) throw new BadValue('is not the path of a folder')
  return resolve(value)
}

/** The name of a document. */
export function parseDocumentName(value: string): string {
  const problem = documentNameProblem(value)
  if (problem !== null) throw new BadValue(problem)
  return value
}

/** The name of a document, where it is missing and needed. */
export function parseNeededDocument(): never {
  throw new BadValue('is no document, and --at and --history are about one')
}

/** A moment of a document's past: the number of an entry, or a date or time as in ISO 8601; without a zone it is local. */
export function parseMoment(value: string): Moment {
  if (/^\d+$/.test(value) && Number.isSafeInteger(Number(value))) return { sequence: Number(value) }
  const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(time)) {
    throw new BadValue('is neither the number of an entry nor a time such as 2026-11-20T18:30:00Z')
  }
  return { time }
}

/** '' or `/path`, without a slash at its end. */
export function parseBasePath(value: string): string {
  const path = value.replace(/\/$/, '')
  if (!/^(\/[\w.~-]+)*$/.test(path) || /\/\.{1,2}(\/|$)/.test(path)) {
    throw new BadValue('is not a path such as /docs, of letters, digits and -._~')
  }
  return path
}

/** A URL without a slash at its end; null for none. */
export function parsePublicUrl(value: string): string | null {
  if (value === '') return null
  if (!URL.canParse(value)) throw new BadValue('is not a URL')
  const url = new URL(value)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BadValue('does not begin with http:// or https://')
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new BadValue('has more than a host, a port and a path')
  }
  return url.href.replace(/\/$/, '')
}

/** One of some words. */
export function oneOf<T extends string>(value: string, values: readonly T[]): T {
  const found = values.find((known) => known === value)
  if (found === undefined)
    throw new BadValue(`is not ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`)
  return found
}

const BYTES = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** A number of bytes from `least` to `most`, which both may be written with k, M or G: 1024, 1024², 1024³. */
export function parseSize(least: string, most: string): (value: string) => number {
  return (value) => {
    const bytes = sizeOf(value)
    if (bytes === null) throw new BadValue('is not a size such as 65536, 64k, 32M or 1G')
    if (bytes < (sizeOf(least) ?? 0) || bytes > (sizeOf(most) ?? Infinity))
      throw new BadValue(`is not from ${least} to ${most}`)
    return bytes
  }
}

function sizeOf(value: string): number | null {
  const [, digits, unit] = /^(\d+)([kmg]?)$/i.exec(value) ?? []
  if (digits === undefined || unit === undefined) return null
  const factor = Object.entries(BYTES).find(([name]) => name === unit.toLowerCase())?.[1] ?? 1
  return Number(digits) * factor
}

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds, written with their unit, from 1 ms to a day. */
export function parseDuration(value: string): number {
  const [, digits, unit] = /^(\d+)(ms|s|m|h)$/.exec(value) ?? []
  const factor = Object.entries(MILLISECONDS).find(([name]) => name === unit)?.[1]
  if (digits === undefined || factor === undefined)
    throw new BadValue('is not a duration such as 500ms, 6s or 2m')
  const milliseconds = Number(digits) * factor
  if (milliseconds < 1 || milliseconds > 24 * MILLISECONDS.h) throw new BadValue('is not from 1ms to 24h')
  return milliseconds
}

/** A whole number from `least` to `most`. */
export function parseCount(most: number, least = 0): (value: string) => number {
  return (value) => {
    const count = Number(value)
    if (!/^\d+$/.test(value) || count < least || count > most)
      throw new BadValue(`is not a whole number from ${least} to ${most}`)
    return count
  }
}

/** As `parse` reads it, with 0 for no limit. */
export function orNoLimit(parse: (value: string) => number): (value: string) => number {
  return (value) => (value === '0' ? Infinity : parse(value))
}

/** As `parse` reads it, with `none` for no limit. */
export function orNone(parse: (value: string) => number): (value: string) => number {
  return (value) => (value === 'none' ? Infinity : parse(value))
}
