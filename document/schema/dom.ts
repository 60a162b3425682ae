/** What is read of a DOM node, so that any DOM will do: a browser's, or a server-side one. */
export interface DomNode {
  readonly nodeType: number
  /** Upper case for HTML elements. */
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly childNodes: Iterable<DomNode>
}

/** What is read of a DOM element. */
export interface DomElement extends DomNode {
  getAttribute(name: string): string | null
}

export function isElement(node: DomNode): node is DomElement {
  return node.nodeType === 1
}

export function isText(node: DomNode): boolean {
  return node.nodeType === 3
}
