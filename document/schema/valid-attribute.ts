import type { AttributeSpec } from 'prosemirror-model'

/** Whether an attribute's spec accepts a value, as `validate` says; without one, any. */
export function isValidAttribute(value: unknown, { validate }: AttributeSpec): boolean {
  if (validate === undefined) return true
  if (typeof validate === 'string') {
    return validate.split('|').includes(value === null ? 'null' : typeof value)
  }
  try {
    validate(value)
    return true
  } catch {
    return false
  }
}
