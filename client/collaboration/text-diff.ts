import { simpleDiffString } from 'lib0/diff'
import { diffSplitBy } from 'lib0/diff/patience'

/** One place at which a text differs from another: at `index` of the first, so many characters went, and `insert` came. */
export interface TextChange {
  readonly index: number
  readonly remove: number
  readonly insert: string
}

const words = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu

/**
 * The places at which two texts differ, in order. Several changes in one text stay several, where words that occur once
 * lie between them: what others do to those words is then left alone.
 */
export function textDiff(before: string, after: string): readonly TextChange[] {
  const whole = simpleDiffString(before, after)
  if (whole.remove === 0 && whole.insert === '') return []
  if (whole.remove === 0 || whole.insert === '') return [whole]
  const removed = before.slice(whole.index, whole.index + whole.remove)
  return diffSplitBy(removed, whole.insert, words).flatMap(({ index, remove, insert }) => {
    const part = simpleDiffString(remove, insert)
    const isChange = part.remove > 0 || part.insert !== ''
    return isChange ? [{ ...part, index: whole.index + index + part.index }] : []
  })
}
