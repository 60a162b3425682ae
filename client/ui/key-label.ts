const macSymbols: Readonly<Record<string, string>> = { Mod: '⌘', Meta: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
/** The order in which a Mac writes modifiers. */
const macOrder = ['⌃', '⌥', '⇧', '⌘']

const keyNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

/** A key in prosemirror-keymap's notation as people read it: `Mod-Shift-7` is "Ctrl+Shift+7", on a Mac "⇧⌘7". */
export function keyLabel(key: string, onMac: boolean): string {
  const { modifiers, main } = parseKey(key)
  const name = keyNames[main] ?? (main.length === 1 ? main.toUpperCase() : main)
  if (!onMac) {
    return [...modifiers.map((modifier) => (modifier === 'Mod' ? 'Ctrl' : modifier)), name].join('+')
  }
  const symbols = modifiers.map((modifier) => macSymbols[modifier] ?? modifier)
  return symbols.toSorted((a, b) => macOrder.indexOf(a) - macOrder.indexOf(b)).join('') + name
}

/** The same key as `aria-keyshortcuts` wants it: `Mod-Shift-7` is "Control+Shift+7", on a Mac "Meta+Shift+7". */
export function ariaKeyShortcut(key: string, onMac: boolean): string {
  const { modifiers, main } = parseKey(key)
  const names = modifiers.map((modifier) => {
    if (modifier === 'Mod') return onMac ? 'Meta' : 'Control'
    return modifier === 'Ctrl' ? 'Control' : modifier
  })
  return [...names, main.length === 1 ? main.toUpperCase() : main].join('+')
}

/** Whether this browser runs on a Mac, an iPhone or an iPad, where `Mod` is ⌘. */
export function isMac(platform: string): boolean {
  return /Mac|iP(?:hone|[oa]d)/.test(platform)
}

function parseKey(key: string): { readonly modifiers: readonly string[]; readonly main: string } {
  // The key itself may be a hyphen: "Mod--".
  const end = key.lastIndexOf('-', key.length - 2)
  if (end < 0) return { modifiers: [], main: key }
  return { modifiers: key.slice(0, end).split('-'), main: key.slice(end + 1) }
}
