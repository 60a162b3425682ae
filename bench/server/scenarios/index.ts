import type { Scenario } from '../scenario.ts'
import { carets } from './carets.ts'
import { fanOut } from './fan-out.ts'
import { idleDocuments } from './idle-documents.ts'
import { joiners } from './joiners.ts'
import { smallRooms } from './small-rooms.ts'
import { stoppedReader } from './stopped-reader.ts'
import { trace } from './trace.ts'

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ...fanOut,
  smallRooms,
  trace,
  idleDocuments,
  joiners,
  stoppedReader,
  ...carets,
]

/** Throws a `RangeError` if there is none of this name. */
export function scenarioOf(name: string): Scenario {
  const scenario = scenarios.find((known) => known.name === name)
  if (scenario === undefined) throw new RangeError(`There is no scenario ${name}`)
  return scenario
}
