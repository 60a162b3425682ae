/** A table as lines of text: a head, and rows, whose columns are as wide as they need; numbers stand at the right. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const cells = [head, ...rows.map((row) => row.map((cell) => withoutControls(String(cell))))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const isRight = head.map((_, column) =>
    rows.every((row) => /^\d+(\.\d)?( [KMGT]?i?B)?$/.test(String(row[column] ?? ''))),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return isRight[column] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** A text without what a terminal would take for orders: names and texts are other people's. */
export function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}')
}
