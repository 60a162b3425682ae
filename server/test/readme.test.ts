import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { settings } from '../settings.ts'
import { startServer } from './support/test-server.ts'

const rows = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('the README', () => {
  test.each(Object.values(settings))('has $flag in a table, as it is', ({ flag, variable, initial }) => {
    const row = rows.find(([, first]) => first === `\`${flag}\``)
    expect(row?.slice(2, 4)).toEqual([`\`${variable}\``, initial === '' ? '' : `\`${initial}\``])
  })

  test('has each metric of the server in a table, and no other', async () => {
    const { metricsUrl } = await startServer()
    const text = await (await fetch(metricsUrl)).text()
    const kinds = text.split('\n').flatMap((line) => {
      const [, name = '', kind = ''] = /^# TYPE (codraft_\w+) (\w+)$/.exec(line) ?? []
      return name === '' ? [] : [`${name} ${kind}`]
    })
    const written = rows.flatMap(([, name = '', kind = '']) =>
      name.startsWith('`codraft_') ? [`${name.slice(1, -1)} ${kind}`] : [],
    )
    expect(written.toSorted()).toEqual(kinds.toSorted())
  })
})
