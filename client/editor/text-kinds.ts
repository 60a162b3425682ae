import type { Node } from 'prosemirror-model'
import { schema } from '../../document/index.ts'

/** Whether a block holds lines of code, or a formula's source: text in which nothing is done by itself. */
export function isCode(node: Node): boolean {
  return node.type === schema.nodes.code_block || node.type === schema.nodes.math_block
}

/** Whether a block is text of the document's flow, which can be joined with that before and after it. */
export function isFlowText(node: Node): boolean {
  return node.type === schema.nodes.paragraph || isCode(node)
}
