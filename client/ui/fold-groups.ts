/** What the toolbar needs to know in order to fold; all widths in CSS pixels. */
export interface Fold {
  /** The width of each group, in the toolbar's order. */
  readonly widths: readonly number[]
  readonly available: number
  /** Of the "More" button, which is always there. */
  readonly more: number
}

/** How many groups, from the first on, stay in the toolbar; the others go into its "More" menu. */
export function foldGroups({ widths, available, more }: Fold): number {
  let left = available - more
  let shown = 0
  for (const width of widths) {
    left -= width
    if (left < 0) break
    shown++
  }
  return shown
}
