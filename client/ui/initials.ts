/** One or two letters that stand for a name in an avatar: the first of its first and last words, "?" for no name. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words.at(-1) : undefined
  if (first === undefined) return '?'
  return [first, last].map(firstCharacter).join('').toLocaleUpperCase()
}

/** The first grapheme, so that a letter keeps its accents. */
function firstCharacter(word: string | undefined): string {
  if (word === undefined) return ''
  const letters = word.replace(/^[^\p{L}\p{N}]+/u, '')
  for (const { segment } of new Intl.Segmenter().segment(letters)) return segment
  return ''
}
