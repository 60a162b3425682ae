import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

/** When a pair is photographed: as both begin, what each has done while the link was paused, and when they meet again. */
const MOMENTS = ['before', 'apart', 'after'] as const
export type Moment = (typeof MOMENTS)[number]

/** Screenshots of pairs of actions, as the two people see them, on one page to look at. */
export class Album {
  readonly #folder: string
  readonly #pairs: string[] = []

  /** Writes `index.html` and its pictures into a folder, which is made if missing. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Photographs both at a moment of a pair. */
  async take(pair: string, moment: Moment, pages: readonly Page[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    if (moment === MOMENTS[0]) this.#pairs.push(pair)
    const index = this.#pairs.length - 1
    await Promise.all(
      pages.map((page, who) => page.screenshot({ path: join(this.#folder, nameOf(index, moment, who)) })),
    )
    await writeFile(join(this.#folder, 'index.html'), this.#html(pages.length))
  }

  #html(people: number): string {
    const sections = this.#pairs.map((pair, index) => {
      const pictures = Array.from({ length: people }, (_, who) =>
        MOMENTS.map((moment) => `<img alt="${moment}" src="${nameOf(index, moment, who)}">`).join(''),
      )
      return `<h2>${pair}</h2>${pictures.map((row) => `<div>${row}</div>`).join('')}`
    })
    const styles =
      'body{font:14px sans-serif}div{display:flex;gap:8px;margin:8px 0}img{width:32%;border:1px solid}'
    return `<!doctype html><meta charset="utf-8"><title>Merges</title><style>${styles}</style>${sections.join('\n')}\n`
  }
}

function nameOf(index: number, moment: Moment, who: number): string {
  return `${index}-${moment}-${who}.png`
}
