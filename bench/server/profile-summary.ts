import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownTable } from '../markdown-table.ts'

/** As V8 writes it (`--cpu-prof`), what is needed of it. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 25

/** Where the time went, by function, of all profiles in a folder together; the time in which nothing was done is left out. */
export function profileSummary(folder: string): string {
  const times = new Map<string, number>()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
    for (const [i, id] of samples.entries()) {
      const place = places.get(id) ?? ''
      if (place !== '(idle)') times.set(place, (times.get(place) ?? 0) + (timeDeltas[i] ?? 0))
    }
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const rows = [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, ROWS)
    .map(([place, time]) => [place, (time / 1000).toFixed(0), ((time / total) * 100).toFixed(1)])
  return markdownTable(['function', 'own ms', '%'], rows)
}

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName
  const file = url.split('/').slice(-2).join('/')
  return `${functionName === '' ? '(anonymous)' : functionName} ${file}:${lineNumber + 1}`
}
