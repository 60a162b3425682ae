import { Plugin } from 'prosemirror-state'
import { safeHref } from '../../../document/index.ts'

/** Ctrl+click, ⌘+click on a Mac, opens a link in a new tab: a click alone puts the caret into it. */
export function openLinks(): Plugin {
  return new Plugin({
    props: {
      handleClick(view, _, event) {
        const onMac = /Mac|iP/.test(navigator.platform)
        if (!view.editable || event.button !== 0 || !(onMac ? event.metaKey : event.ctrlKey)) return false
        const link = event.target instanceof Element ? event.target.closest('a') : null
        const href = safeHref(link?.getAttribute('href'))
        if (href === null) return false
        window.open(href, '_blank', 'noopener,noreferrer')
        return true
      },
    },
  })
}
