import { FindProblem } from './find-problem.ts'

/** Steps of one search through a document; on a slow machine about a second. */
const MAX_STEPS = 20_000_000

/** Bounds the work of one search: an expression can take long in a long text. */
export class Effort {
  #left = MAX_STEPS

  /** Throws a `FindProblem` if too much has been spent. */
  spend(steps = 1): void {
    this.#left -= steps
    if (this.#left < 0) throw new FindProblem('This expression takes too long. Try a simpler one.')
  }
}
