import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  closeCodes,
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  messageTypes,
  type Message,
} from '../index.ts'
import { fromHex, toHex } from './bytes.ts'

const specification = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8')

/** The cells of every table row under a heading, without the back quotes around them. */
function rows(heading: string): string[][] {
  const section = specification.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| --'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

/** A message as the table writes it, its byte arrays as "0x…". */
function parse(text: string): Message {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith('0x') ? fromHex(value.slice(2)) : value,
  ) as Message
}

const decoders = { client: decodeClientMessage, server: decodeServerMessage }

/** Who may send what. */
function senders(message: Message): (keyof typeof decoders)[] {
  switch (message.type) {
    case 'ack':
    case 'refused':
    case 'hello':
    case 'event':
    case 'permission-denied':
      return ['server']
    case 'resume':
      return ['client']
    case 'sync-step-1':
    case 'sync-step-2':
    case 'update':
    case 'awareness':
    case 'query-awareness':
    case 'keep-alive':
      return ['client', 'server']
  }
}

describe('the worked examples of PROTOCOL.md', () => {
  const examples = rows('Worked examples')

  test('are there for every message but hello, whose bytes are its JSON', () => {
    const seen = new Set(examples.map(([message = '']) => parse(message).type))
    expect([...seen].toSorted()).toEqual([
      'ack',
      'awareness',
      'event',
      'keep-alive',
      'permission-denied',
      'query-awareness',
      'refused',
      'resume',
      'sync-step-1',
      'sync-step-2',
      'update',
    ])
  })

  test.each(examples)('%s is %s', (text, bytes) => {
    const message = parse(text)
    expect(toHex(encodeMessage(message))).toBe(bytes)
    for (const sender of senders(message)) expect(decoders[sender](fromHex(bytes))).toEqual(message)
    const others = (['client', 'server'] as const).filter((sender) => !senders(message).includes(sender))
    for (const other of others) expect(() => decoders[other](fromHex(bytes))).toThrow(/sends no message/)
  })
})

test('PROTOCOL.md lists the close codes that the code has', () => {
  expect(Object.fromEntries(rows('Close codes').map(([code, name = '']) => [name, Number(code)]))).toEqual(
    closeCodes,
  )
})

test('PROTOCOL.md lists the message types that the code has', () => {
  const listed = rows('Messages')
    .map(([type]) => Number(type))
    .filter((type) => !Number.isNaN(type))
  expect(listed).toEqual(expect.arrayContaining(Object.values(messageTypes)))
})
