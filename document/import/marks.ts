import { safeHref } from '../schema/safe-href.ts'
import { schema } from '../schema/schema.ts'
import type { MarkRule } from './vocabulary.ts'

/** A mark that has no attributes. */
export function plain(name: 'bold' | 'italic' | 'underline' | 'strike' | 'code'): MarkRule {
  return { mark: () => schema.mark(name) }
}

/** A link, if one may follow it. */
export const link: MarkRule = {
  mark: ({ attrs }) => {
    const href = safeHref(attrs['href'])
    return href === null ? null : schema.mark('link', { href })
  },
  uses: ['href'],
}
