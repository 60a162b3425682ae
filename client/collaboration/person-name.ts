/** The longest name of a person that is told or shown, in Unicode characters. */
const MAX_NAME_LENGTH = 64

/** What breaks a line, turns the direction of the text around it, or is half a character. */
const unruly = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** A name on one line of 1 to 64 characters; null if nothing of it is left. It is text, not HTML. */
export function cleanName(name: string): string | null {
  const line = name.replaceAll(unruly, ' ').trim()
  const clean = Array.from(line).slice(0, MAX_NAME_LENGTH).join('').trim()
  return clean === '' ? null : clean
}
