import type { AttributeSpec } from 'prosemirror-model'
import { isValidAttribute } from '../schema/valid-attribute.ts'
import { isPlain } from './plain-value.ts'

type AttributeSpecs = Readonly<Record<string, AttributeSpec>> | undefined

/**
 * The attributes of a node or mark, as a shared document has them: what is no JSON, or not what the spec's `validate`
 * accepts, reads as the default. Null if an attribute that has no default is missing.
 */
export function readableAttributes(
  specs: AttributeSpecs,
  valueOf: (name: string) => unknown,
): Readonly<Record<string, unknown>> | null {
  const attributes: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(specs ?? {})) {
    const value = valueOf(name)
    if (value !== undefined && isPlain(value) && isValidAttribute(value, spec)) attributes[name] = value
    else if (spec.default === undefined) return null
    else attributes[name] = spec.default
  }
  return attributes
}
