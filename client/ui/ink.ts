/** Which of a dark and a white ink is read better on a colour `#rrggbb`, by WCAG 2's contrast ratio. */
export function inkOn(color: string): '#ffffff' | '#16181b' {
  const light = luminance(color)
  const onWhite = 1.05 / (light + 0.05)
  const onDark = (light + 0.05) / (luminance('#16181b') + 0.05)
  return onWhite >= onDark ? '#ffffff' : '#16181b'
}

/** WCAG 2's relative luminance, 0 to 1; that of black for what is no `#rrggbb`. */
function luminance(color: string): number {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color)?.slice(1) ?? []
  const [red = 0, green = 0, blue = 0] = hex.map((pair) => linear(Number.parseInt(pair, 16) / 255))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(channel: number): number {
  return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
