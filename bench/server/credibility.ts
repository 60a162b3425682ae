import type { Taken } from './meter.ts'
import type { Figure, Figures } from './scenario.ts'

/** The columns that tell whether a table is to be believed. */
export const credibility: readonly Figure[] = [
  { key: 'serverCore', title: 'server core, %', digits: 0 },
  { key: 'waited', title: 'waited, %', digits: 0 },
  { key: 'loadCore', title: 'load core, %', digits: 0 },
]

/** Their figures. */
export function credibilityOf({ serverCore, waited, loadCore }: Taken): Figures {
  return { serverCore, waited, loadCore }
}
