/** Whether a key leaves a box with fields for the text, for the box's `keydown`. Nobody else hears of it then. */
export function leavesByKey(event: KeyboardEvent): boolean {
  if (event.key !== 'Escape') return false
  event.preventDefault()
  event.stopPropagation()
  return true
}

/** Whether the focus goes from a box to something else on the page, for the box's `focusout`. */
export function leavesByFocus({ currentTarget: box, relatedTarget: next }: FocusEvent): boolean {
  // To another window, and back: the box stays.
  if (!document.hasFocus()) return false
  return !(box instanceof HTMLElement && next instanceof Node && box.contains(next))
}
