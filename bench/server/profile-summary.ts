import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownTable } from '../markdown-table.ts'

/** As V8 writes it (`--cpu-prof`), what is needed of it. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  /** In microseconds, as `process.hrtime` counts. */
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 25

/** Leaves beside the profiles from when on the server with this process id is worth looking at: now. */
export function noteStart(folder: string, pid: number): void {
  writeFileSync(join(folder, `${pid}.start`), String(process.hrtime.bigint() / 1_000n))
}

/**
 * Where the time went, by function, of all profiles in a folder together. What was before the server listened is left
 * out, and so is the time in which nothing was done.
 */
export function profileSummary(folder: string): string {
  const times = new Map<string, number>()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const { nodes, samples, startTime, timeDeltas } = JSON.parse(
      readFileSync(join(folder, name), 'utf8'),
    ) as Profile
    // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
    const since = Number(readFileSync(join(folder, `${name.split('.')[3]}.start`), 'utf8'))
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
    let now = startTime
    for (const [i, id] of samples.entries()) {
      const delta = timeDeltas[i] ?? 0
      now += delta
      const place = places.get(id) ?? ''
      if (place !== '(idle)' && now > since) times.set(place, (times.get(place) ?? 0) + delta)
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
