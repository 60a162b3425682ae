/** A style sheet in a tree, and how many editors in it need it. */
interface Shared {
  readonly sheet: CSSStyleSheet
  users: number
}

const installed = new WeakMap<DocumentOrShadowRoot, Map<string, Shared>>()

/**
 * Puts a style sheet into the tree that holds an editor, once for all editors in it. Returns what takes it out again,
 * with the last of them. Adopted sheets pass a strict Content-Security-Policy.
 */
export function shareStyles(root: DocumentOrShadowRoot, text: string): () => void {
  const sheets = installed.get(root) ?? new Map<string, Shared>()
  installed.set(root, sheets)
  const shared = sheets.get(text) ?? adopt(root, text)
  sheets.set(text, shared)
  shared.users++
  let released = false
  return () => {
    if (released) return
    released = true
    shared.users--
    if (shared.users > 0) return
    sheets.delete(text)
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== shared.sheet)
  }
}

/** The tree that a node is in: its shadow root's, or the document's. */
export function styleRootOf(node: Node): DocumentOrShadowRoot {
  const root = node.getRootNode()
  return root instanceof ShadowRoot ? root : document
}

function adopt(root: DocumentOrShadowRoot, text: string): Shared {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  return { sheet, users: 0 }
}
