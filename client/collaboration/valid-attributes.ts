import type { Attrs, AttributeSpec } from 'prosemirror-model'
import { isValidAttribute } from '../../document/index.ts'

/**
 * Those of the attributes that their specs' `validate` accepts. The others are left out, and so get their default: what a
 * peer wrote must neither reach `toDOM` unchecked nor make the document unreadable.
 */
export function validAttributes(
  attributes: Readonly<Record<string, unknown>>,
  specs: Readonly<Record<string, AttributeSpec>> | undefined,
): Attrs {
  const valid: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(specs ?? {})) {
    const value = attributes[name]
    if (value !== undefined && isValidAttribute(value, spec)) valid[name] = value
  }
  return valid
}
