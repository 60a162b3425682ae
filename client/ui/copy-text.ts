/** Puts text on the clipboard; false if the browser does not let it. To be called in answer to a click or a key. */
export async function copyText(text: string): Promise<boolean> {
  if (!window.isSecureContext) return copyByCommand(text)
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyByCommand(text)
  }
}

/** Over plain http there is no `navigator.clipboard`. */
function copyByCommand(text: string): boolean {
  let copied = false
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    copied = true
  }
  document.addEventListener('copy', onCopy, true)
  try {
    document.execCommand('copy')
  } finally {
    document.removeEventListener('copy', onCopy, true)
  }
  return copied
}
