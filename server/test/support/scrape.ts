import type { RunningServer } from '../../serve.ts'

/** What `/metrics` said. */
class Scrape {
  readonly #lines: readonly string[]

  constructor(text: string) {
    this.#lines = text.split('\n')
  }

  /** The value of a metric with these labels and no others; undefined if there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const inside = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    const start = inside.length === 0 ? `${name} ` : `${name}{${inside.join(',')}} `
    const line = this.#lines.find((candidate) => candidate.startsWith(start))
    return line === undefined ? undefined : Number(line.slice(start.length))
  }

  /** The names of the metrics without a sentence about them. */
  withoutHelp(): string[] {
    const named = (keyword: string): string[] =>
      this.#lines.filter((line) => line.startsWith(`# ${keyword} `)).map((line) => line.split(' ')[2] ?? '')
    const explained = new Set(
      this.#lines.filter((line) => /^# HELP \S+ \S/.test(line)).map((line) => line.split(' ')[2]),
    )
    return named('TYPE').filter((name) => !explained.has(name))
  }
}

/** Reads a server's metrics, as Prometheus would. */
export async function scrape({ metricsUrl }: RunningServer): Promise<Scrape> {
  const response = await fetch(metricsUrl)
  return new Scrape(await response.text())
}
