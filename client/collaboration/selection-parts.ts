import type { EditorView } from 'prosemirror-view'

/** A rectangle in the window's coordinates, in CSS pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What stands for a selected empty paragraph, in CSS pixels. */
const EMPTY_WIDTH = 6

/** The rectangles that cover a range: one per line of text, one per block without text. Only what the window shows. */
export function selectionParts(view: EditorView, from: number, to: number): Box[] {
  const parts: Box[] = []
  if (from === to) return parts
  const windowHeight = view.dom.ownerDocument.defaultView?.innerHeight ?? 0
  view.state.doc.nodesBetween(from, to, (node, position) => {
    if (!node.isTextblock && !node.isAtom) return true
    const dom = view.nodeDOM(position)
    if (!(dom instanceof Element)) return false
    const box = dom.getBoundingClientRect()
    if (box.bottom < 0 || box.top > windowHeight) return false
    if (!node.isTextblock) {
      if (from <= position && position + node.nodeSize <= to) parts.push(box)
      return false
    }
    const start = Math.max(from, position + 1)
    const end = Math.min(to, position + 1 + node.content.size)
    if (node.content.size === 0) parts.push(emptyPart(view, start))
    else if (start < end) parts.push(...lines(boxesOf(view, start, end)))
    return false
  })
  return parts
}

function emptyPart(view: EditorView, position: number): Box {
  const { left, top, bottom } = view.coordsAtPos(position)
  return { left, top, right: left + EMPTY_WIDTH, bottom }
}

function boxesOf(view: EditorView, from: number, to: number): readonly Box[] {
  const range = view.dom.ownerDocument.createRange()
  const start = view.domAtPos(from, 1)
  const end = view.domAtPos(to, -1)
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  return [...range.getClientRects()]
}

/** One box per line: marks make boxes within boxes, which would be drawn twice. */
export function lines(boxes: readonly Box[]): Box[] {
  const merged: Box[] = []
  for (const box of boxes.toSorted((a, b) => a.top - b.top)) {
    const line = merged.at(-1)
    const isSameLine = line !== undefined && box.top < (line.top + line.bottom) / 2
    if (!isSameLine) {
      merged.push(box)
      continue
    }
    merged[merged.length - 1] = {
      left: Math.min(line.left, box.left),
      top: line.top,
      right: Math.max(line.right, box.right),
      bottom: Math.max(line.bottom, box.bottom),
    }
  }
  return merged
}
