/** For the `mousedown` of controls: the focus, and with it the selection in the text, stays where it is. */
export function keepSelection(event: Event): void {
  event.preventDefault()
}
