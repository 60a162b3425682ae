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

/** The rectangles that cover a range: as `lines` of text, and one per block without text. Only what the window shows. */
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

/** Boxes no farther apart than this belong together: browsers round where one text ends and the next one begins. */
const GAP = 1

/**
 * One box per line: marks make boxes within boxes, which would be drawn twice. Where right-to-left text meets
 * left-to-right text, a selection can be in several pieces of a line; each is a box of its own.
 */
export function lines(boxes: readonly Box[]): Box[] {
  return linesOf(boxes).flatMap(piecesOf)
}

function linesOf(boxes: readonly Box[]): Box[][] {
  const found: { top: number; bottom: number; readonly boxes: Box[] }[] = []
  for (const box of boxes.toSorted((a, b) => a.top - b.top)) {
    const line = found.at(-1)
    if (line !== undefined && box.top < (line.top + line.bottom) / 2) {
      line.bottom = Math.max(line.bottom, box.bottom)
      line.boxes.push(box)
    } else {
      found.push({ top: box.top, bottom: box.bottom, boxes: [box] })
    }
  }
  return found.map(({ top, bottom, boxes: ofLine }) =>
    ofLine.map(({ left, right }) => ({ left, top, right, bottom })),
  )
}

/** The boxes of one line, which have the same top and bottom. */
function piecesOf(line: readonly Box[]): Box[] {
  const pieces: Box[] = []
  for (const { left, top, right, bottom } of line.toSorted((a, b) => a.left - b.left)) {
    const piece = pieces.at(-1)
    if (piece === undefined || left > piece.right + GAP) pieces.push({ left, top, right, bottom })
    else pieces[pieces.length - 1] = { ...piece, right: Math.max(piece.right, right) }
  }
  return pieces
}
