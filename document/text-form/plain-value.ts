const MAX_DEPTH = 8

/**
 * Whether a value is JSON, and so fit to be a node's or mark's attribute. A shared document can hold more: shared types,
 * bytes, `NaN`, which equals nothing and would be drawn again for ever, or nesting that overflows the stack.
 */
export function isPlain(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((part) => isPlain(part, depth + 1))
  return isRecord(value) && Object.values(value).every((part) => isPlain(part, depth + 1))
}

/** An object as `{}` makes it. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
