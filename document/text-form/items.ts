import * as Y from 'yjs'

/** The first item of a type's sequence, deleted ones too. */
export function firstItem(type: { readonly _start: Y.Item | null }): Y.Item | null {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- Yjs has no other way from a type to its items
  return type._start
}

/** The item that holds a type; null for a root type, and for one that is in no document yet. */
export function itemOfType(type: { readonly _item: Y.Item | null }): Y.Item | null {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- Yjs has no other way from a type to its neighbours
  return type._item
}

/** The map of a block marker; null if the item is none, or a deleted one. */
export function markerMap(item: Y.Item): Y.Map<unknown> | null {
  if (item.deleted || !(item.content instanceof Y.ContentType)) return null
  const { type } = item.content
  return type instanceof Y.Map ? type : null
}

/** The live marker of the block that an item belongs to, the item itself if it is one; null before the first marker. */
export function markerAtOrBefore(item: Y.Item | null): Y.Item | null {
  let at = item
  while (at !== null && markerMap(at) === null) at = at.left
  return at
}
