import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state'
import type { LinkTarget } from './link-commands.ts'

const key = new PluginKey<LinkTarget | null>('codraft-link-target')

/** Keeps the text that an address is being typed for in its place, whatever others write around it meanwhile. */
export function trackLinkTarget(): Plugin {
  return new Plugin<LinkTarget | null>({
    key,
    state: {
      init: () => null,
      apply(tr, before) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a transaction's meta is untyped; under this key only `followLinkTarget` sets it
        const set = tr.getMeta(key) as LinkTarget | null | undefined
        if (set !== undefined) return set
        if (before === null || !tr.docChanged) return before
        const from = tr.mapping.map(before.from, 1)
        return { ...before, from, to: Math.max(from, tr.mapping.map(before.to, -1)) }
      },
    },
  })
}

/** Has a text followed from now on; null ends it. */
export function followLinkTarget(tr: Transaction, target: LinkTarget | null): Transaction {
  return tr.setMeta(key, target)
}

/** Where the text that is followed is now; null if none is. */
export function followedLinkTarget(state: EditorState): LinkTarget | null {
  return key.getState(state) ?? null
}
