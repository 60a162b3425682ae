import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test as base, expect } from '../support/test.ts'
import { Album } from './album.ts'
import { actionNames, pairName } from './actions.ts'
import { Matrix, type CellResult, type Form } from './matrix.ts'
import { linesOf, reportPage, type MatrixResult } from './report.ts'
import { whichPairs } from './which-pairs.ts'

/** A pair takes about a second; this leaves a margin for a busy machine. In milliseconds. */
const PAIR_TIMEOUT = 10_000

const test = base.extend<{ readonly form: Form; readonly matrix: Matrix }>({
  form: ['text', { option: true }],
  matrix: async ({ browser, server, form }, use) => {
    const matrix = await Matrix.open(browser, server, form)
    await use(matrix)
    expect(matrix.errors).toEqual([])
    await matrix.close()
  },
})

/** The pairs that once came out as expected, and are not to be lost again. */
async function readBaseline(form: string): Promise<readonly string[]> {
  const path = join(import.meta.dirname, `baseline.${form}.json`)
  if (!existsSync(path)) return []
  return (JSON.parse(await readFile(path, 'utf8')) as { readonly passing: readonly string[] }).passing
}

/** A baseline as it is committed: to replace the one beside this file after a run of all pairs. */
function baselineOf(cells: readonly CellResult[]): string {
  const passing = cells.filter(({ outcome }) => outcome === 'passed').map(({ pair }) => pair)
  return `${JSON.stringify({ passing }, null, 2)}\n`
}

function describeCell({ pair, faults, before, after }: CellResult): string {
  const whatIsWrong = faults.map(({ failure, detail }) => `${failure}: ${detail}`)
  return [pair, ...whatIsWrong, 'before', ...linesOf(before), 'after', ...after.flatMap(linesOf)].join('\n')
}

for (const form of ['text', 'xml'] as const) {
  test.describe(`documents kept as ${form}`, () => {
    test.use({ form })

    test('each action that the page offers does alone what its intent says', async ({ matrix }) => {
      test.setTimeout(actionNames.length * PAIR_TIMEOUT)
      for (const name of actionNames) {
        const { outcome, faults, before, after } = await matrix.alone(name)
        const seen = [...linesOf(before), '→', ...after.flatMap(linesOf)].join('\n')
        expect.soft({ outcome, faults }, `${name}\n${seen}`).not.toMatchObject({ outcome: 'failed' })
        if (outcome === 'not offered')
          test.info().annotations.push({ type: 'not offered', description: name })
      }
    })

    test('pairs that came out as people expect still do', async ({ matrix }) => {
      const pairs = whichPairs(process.env['CODRAFT_PAIRS'])
      test.setTimeout(60_000 + pairs.length * PAIR_TIMEOUT)
      const baseline = new Set(await readBaseline(form))
      const folder = join(test.info().project.outputDir, 'merging')
      await mkdir(folder, { recursive: true })

      const shots = process.env['CODRAFT_SHOTS']
      const album = shots === undefined ? null : new Album(join(shots, form))
      const cells: CellResult[] = []
      for (const pair of pairs) {
        const cell = await matrix.run(pair, album)
        cells.push(cell)
        const hasFailed = cell.outcome === 'failed' && baseline.has(pairName(pair))
        expect.soft(hasFailed ? describeCell(cell) : 'as before').toBe('as before')
        // After each pair, so that a run that is broken off has not been for nothing.
        const result: MatrixResult = { binding: form, cells }
        await writeFile(join(folder, `${form}.json`), `${JSON.stringify(result, null, 1)}\n`)
        await writeFile(join(folder, `${form}.md`), reportPage(result))
        await writeFile(join(folder, `baseline.${form}.json`), baselineOf(cells))
      }
    })
  })
}
