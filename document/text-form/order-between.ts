/** Digits in the order of their code units. None ends in the least one, so that there is always room in front. */
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/**
 * An order between two others, as the fraction that its digits are; null is the beginning or the end. Where there is no
 * room, as between equal ones, it is behind the first.
 */
export function orderBetween(before: string | null, after: string | null): string {
  let order = ''
  let isBelow = after === null
  for (let i = 0; ; i++) {
    const low = digitAt(before, i, 0)
    const high = isBelow ? DIGITS.length : digitAt(after, i, 0)
    if (high - low > 1) return order + (DIGITS[Math.floor((low + high) / 2)] ?? '')
    order += DIGITS[low] ?? ''
    if (low < high) isBelow = true
    if (!isBelow && i >= Math.max(before?.length ?? 0, after?.length ?? 0)) return `${before ?? ''}i`
  }
}

function digitAt(order: string | null, index: number, otherwise: number): number {
  const digit = DIGITS.indexOf(order?.[index] ?? '')
  return digit < 0 || order?.[index] === undefined ? otherwise : digit
}
