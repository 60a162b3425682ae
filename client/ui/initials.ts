/**
 * One or two letters that stand for a name in an avatar: the first of its first and last words. Of a name without letters
 * it is the first sign, if that is a picture, and else "?".
 */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words.at(-1) : undefined
  if (first === undefined) {
    const sign = firstGrapheme(name.trim())
    return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(sign) ? sign : '?'
  }
  return [first, last].map(firstCharacter).join('').toLocaleUpperCase()
}

/** The first grapheme, so that a letter keeps its accents. */
function firstCharacter(word: string | undefined): string {
  if (word === undefined) return ''
  const letters = word.replace(/^[^\p{L}\p{N}]+/u, '')
  return firstGrapheme(letters)
}

function firstGrapheme(text: string): string {
  // Older browsers have no segmenter.
  if (!('Segmenter' in Intl)) return Array.from(text)[0] ?? ''
  for (const { segment } of new Intl.Segmenter().segment(text)) return segment
  return ''
}
