/**
 * The address if an image may be loaded from there, without white space around it; null if not. Only http and https
 * addresses may: others run code, read files, or, as `data:`, would carry the whole image into everybody's document.
 */
export function safeImageSrc(address: unknown): string | null {
  if (typeof address !== 'string') return null
  const trimmed = address.trim()
  return /^https?:\/\/[^\s]+$/i.test(trimmed) ? trimmed : null
}
