import * as Y from 'yjs'
import { firstItem } from '../text-form/items.ts'
import { ImportProblem } from './import-problem.ts'

/** The fragment of a name in a document that has been loaded from an update. Throws an `ImportProblem`. */
export function findFragment(doc: Y.Doc, name: string): Y.XmlFragment {
  const type = doc.share.get(name)
  if (type !== undefined && isFragment(type)) return doc.getXmlFragment(name)
  const problem =
    type === undefined
      ? `the file has no fragment ${JSON.stringify(name)}`
      : `${JSON.stringify(name)} in the file is no fragment`
  const names = [...doc.share]
    .filter(([, other]) => isFragment(other))
    .map(([other]) => JSON.stringify(other))
  const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  throw new ImportProblem('no-fragment', `${problem}; ${there}`)
}

type SharedType = Y.Doc extends { share: Map<string, infer Type> } ? Type : never

/** A loaded root says by its content alone what it is: here, XML elements and texts among whatever else. */
function isFragment(type: SharedType): boolean {
  for (let item = firstItem(type); item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentType)) continue
    const { type: child } = item.content
    if (child instanceof Y.XmlElement || child instanceof Y.XmlText) return true
  }
  return false
}
