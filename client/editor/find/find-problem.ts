/** Why something cannot be searched for; the message is a sentence for people. */
export class FindProblem extends Error {
  override readonly name = 'FindProblem'
}
