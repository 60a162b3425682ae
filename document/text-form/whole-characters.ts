import { Fragment, type Node, type ResolvedPos } from 'prosemirror-model'

/**
 * Inline nodes without half characters: a pair of surrogates whose halves have different marks gets those of the first,
 * and a half alone is a replacement character, so that every position stays where it is. A text in Yjs must have none:
 * half a character is not sent to others, and the copies would differ. The same array if there is nothing to do.
 */
export function wholeCharacters(nodes: readonly Node[]): readonly Node[] {
  if (!nodes.some(({ text }) => text !== undefined && HALF.test(text))) return nodes
  const whole: Node[] = []
  for (const node of nodes) {
    const last = whole.at(-1)
    const { text } = node
    if (text === undefined) whole.push(node)
    else if (last?.text !== undefined && isHigh(last.text.at(-1)) && isLow(text[0])) {
      whole[whole.length - 1] = last.type.schema.text(last.text + text.slice(0, 1), last.marks)
      if (text.length > 1) whole.push(node.cut(1))
    } else whole.push(node)
  }
  return whole.map((node) =>
    node.text !== undefined && HALF.test(node.text)
      ? node.type.schema.text(node.text.replaceAll(HALVES, '\ufffd'), node.marks)
      : node,
  )
}

/** A node all of whose text is whole characters, as above. */
export function withWholeCharacters(node: Node): Node {
  const { children } = node
  const whole = node.inlineContent ? wholeCharacters(children) : children.map(withWholeCharacters)
  return whole.every((child, i) => child === children[i]) ? node : node.copy(Fragment.from(whole))
}

/** Whether the text before a place ends in the first half of a character. */
export function isBehindHalf({ nodeBefore }: ResolvedPos): boolean {
  return isHigh(nodeBefore?.text?.at(-1))
}

/** Whether the text behind a place begins with the second half of a character. */
export function isBeforeHalf({ nodeAfter }: ResolvedPos): boolean {
  return isLow(nodeAfter?.text?.[0])
}

/** With this flag, a pair is no two surrogates. */
const HALF = /\p{Surrogate}/u
const HALVES = /\p{Surrogate}/gu

function isHigh(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '\ud800' && unit < '\udc00'
}

function isLow(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '\udc00' && unit < '\ue000'
}
