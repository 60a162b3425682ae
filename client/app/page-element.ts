/** The element of the page with this id; throws a `TypeError` if it is not there, or not of this class. */
export function pageElement<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new TypeError(`The page has no ${type.name} with the id ${id}`)
  return element
}
