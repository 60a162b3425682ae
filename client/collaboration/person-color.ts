/** Each is dark enough for white text of any size (contrast 4.5 or more, WCAG AA), and far from its neighbours. */
export const personColors = [
  '#b3261e',
  '#1a66c9',
  '#1b7a3d',
  '#8e3bb8',
  '#a34a00',
  '#00707a',
  '#c2186b',
  '#5a5f00',
  '#4a55c8',
  '#37474f',
  '#006b54',
  '#6b5876',
] as const

/** Whether it is a colour as people have them, `#rrggbb`: what others say theirs is gets into styles. */
export function isColor(value: string): boolean {
  return /^#[\da-f]{6}$/i.test(value)
}

/** Text on a person's colour: their own choice may be a light one. */
export function inkOn(color: string): '#ffffff' | '#000000' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16)),
  )
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  // Where white and black have the same contrast.
  return luminance > 0.179 ? '#000000' : '#ffffff'
}

/** WCAG's relative luminance of one sRGB channel. */
function linear(channel: number): number {
  const part = channel / 255
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

/** A client's colour: always the same one, or the next that none of those present has, while there is one. */
export function chooseColor(clientID: number, taken: ReadonlySet<string>): string {
  const first = clientID % personColors.length
  const inOrder = [...personColors.slice(first), ...personColors.slice(0, first)]
  return inOrder.find((color) => !taken.has(color)) ?? fallbackColor(clientID)
}

/** The colour of a client that names none, or none that is one. */
export function fallbackColor(clientID: number): string {
  return personColors[clientID % personColors.length] ?? personColors[0]
}
