import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { importDocument, IMPORT_SOURCES, ImportProblem, type ImportSource } from '../../import/index.ts'
import { schema } from '../../schema/schema.ts'
import { readTextDocument, textOf, writeTextDocument } from '../../text-form/index.ts'
import { a, fixture, imported, n, updateOf } from './import-language.ts'

const RUNS = Number(process.env['CODRAFT_TEXT_RUNS'] ?? 40)

/** Why a file is not imported: the code, and what is said. */
function problemOf(update: Uint8Array, fragment?: string, source: ImportSource = 'tiptap'): string {
  try {
    importDocument(update, source, fragment).document.check()
  } catch (error) {
    if (error instanceof ImportProblem) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

describe('a file that cannot be imported', () => {
  it('is no update', () => {
    for (const bytes of [[], [1], [0xff, 0xff], [...new TextEncoder().encode('%PDF-1.7 and so on')]]) {
      expect(problemOf(Uint8Array.from(bytes))).toMatch(/^no-update: /)
    }
    const whole = fixture('tiptap.bin')
    expect(problemOf(whole.subarray(0, whole.length / 2))).toMatch(/^no-update: /)
  })

  it('is a part of a document', () => {
    const doc = new Y.Doc()
    doc.getXmlFragment('default').insert(0, [n('paragraph', 'a')])
    const before = Y.encodeStateVector(doc)
    doc.getXmlFragment('default').insert(1, [n('paragraph', 'b')])
    expect(problemOf(Y.encodeStateAsUpdate(doc, before))).toMatch(/^incomplete: /)
  })

  it('has no fragment of that name, and the message names those that it has', () => {
    const doc = new Y.Doc()
    doc.getXmlFragment('mine').insert(0, [n('paragraph', 'a')])
    doc.getXmlFragment('other').insert(0, [new Y.XmlText('b')])
    doc.getText('default').insert(0, 'a text')
    doc.getMap('meta').set('a', 1)
    const update = Y.encodeStateAsUpdate(doc)
    expect(problemOf(update)).toBe(
      'no-fragment: "default" in the file is no fragment; it has "mine", "other"',
    )
    expect(problemOf(update, 'meta')).toBe(
      'no-fragment: "meta" in the file is no fragment; it has "mine", "other"',
    )
    expect(problemOf(update, 'x')).toBe('no-fragment: the file has no fragment "x"; it has "mine", "other"')
    expect(problemOf(update, 'mine')).toBe('none')
    expect(problemOf(Y.encodeStateAsUpdate(new Y.Doc()))).toBe(
      'no-fragment: the file has no fragment "default"; it has none',
    )
    expect(problemOf(Y.encodeStateAsUpdateV2(new Y.Doc()))).toMatch(/^no-fragment: /)
  })

  it('is nested deeper than anybody writes', () => {
    const doc = new Y.Doc()
    let parent: Y.XmlFragment = doc.getXmlFragment('default')
    for (let depth = 0; depth < 600; depth++) {
      const child = new Y.XmlElement('blockquote')
      parent.insert(0, [child])
      parent = child
    }
    expect(problemOf(Y.encodeStateAsUpdate(doc))).toMatch(/^unreadable: .*500 levels/)
  })
})

/** A node with 130,000 children of one name. */
function filled(name: string, child: string): Y.XmlElement {
  const node = n(name)
  for (let i = 0; i < 13; i++)
    node.insert(
      0,
      Array.from({ length: 10_000 }, () => n(child)),
    )
  return node
}

describe('a node with more children than a call may have arguments', () => {
  it('is read', () => {
    const { document } = importDocument(updateOf('tiptap', filled('blockquote', 'paragraph')), 'tiptap')
    expect(document.childCount).toBe(130_000)
  })

  it('is no table of ours', () => {
    expect(imported('tiptap', filled('table', 'tableRow')).losses).toEqual([
      'table that is empty or too large ×1: kept as paragraphs',
    ])
  })
})

describe('what is in a fragment that no editor puts there', () => {
  it('is left out, and its text is kept', () => {
    const doc = new Y.Doc()
    const fragment = doc.getXmlFragment('default')
    const paragraph = n('paragraph')
    fragment.insert(0, [new Y.XmlText('top'), paragraph])
    fragment.insert(2, [
      new Y.Map([['a', 1]]) as unknown as Y.XmlElement,
      new Y.Text('plain') as unknown as Y.XmlText,
    ])
    const text = new Y.XmlText('b')
    paragraph.insert(0, [text])
    text.insertEmbed(1, { image: 'x' })
    text.insertEmbed(2, new Y.XmlText('within'))
    const { document, losses } = importDocument(Y.encodeStateAsUpdate(doc), 'tiptap')
    expect(document.children.map((block) => block.textContent)).toEqual(['top', 'bwithin', 'plain'])
    expect(losses.map(({ kind, outcome }) => `${kind}: ${outcome}`)).toEqual([
      'data that is no node: kept as text',
      'data that is no node: left out',
      'object in a text: left out',
    ])
  })

  it('is read in attributes as if they were not there', () => {
    const odd = [Number.NaN, new Uint8Array(2), { x: [1] }, -1, 'x', null]
    const nodes = odd.flatMap((value) => [
      a('heading', { level: value, textAlign: value }, 'a'),
      n('taskList', a('taskItem', { checked: value }, n('paragraph', 'b'))),
      a('orderedList', { start: value }, n('listItem', n('paragraph', 'c'))),
      a('codeBlock', { language: value }, 'd'),
      a('image', { src: value, alt: value, width: value }),
      n(
        'table',
        n(
          'tableRow',
          a('tableCell', { colspan: value, rowspan: value, colwidth: [value] }, n('paragraph', 'e')),
        ),
      ),
    ])
    const { document } = importDocument(updateOf('tiptap', ...nodes), 'tiptap')
    document.check()
    expect(document.textContent.replaceAll('x', '')).toBe('abcde'.repeat(odd.length))
  })
})

it('a damaged file is refused in words or imported, and never throws anything else', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...IMPORT_SOURCES),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat()),
      (source, changes, end) => {
        const bytes = Uint8Array.from(fixture(`${source}.bin`))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const damaged = end === null ? bytes : bytes.subarray(0, end % bytes.length)
        expect(problemOf(damaged, undefined, source)).toBeTypeOf('string')
      },
    ),
    { numRuns: RUNS * 8 },
  )
})

/** Names that are known to some source, and some that nobody knows. */
const NAMES =
  'paragraph heading blockquote callout listItem list_item bulletList orderedList taskList ' +
  'taskItem codeBlock code_block image hardBreak mention horizontalRule blockContainer blockGroup ' +
  'bulletListItem quote table tableRow tableCell tableHeader table_row table_cell'

/** A tree of any nodes in any, in which every text is another word. */
interface Tree {
  readonly name: string
  readonly span: number
  readonly children: readonly (Tree | 'text')[]
}

const arbitraryTree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom(...NAMES.split(' ')),
    span: fc.nat(3),
    children: fc.array(fc.oneof({ maxDepth: 5 }, fc.constant('text' as const), tie('tree')), {
      maxLength: 4,
    }),
  }),
})).tree

it('no text is lost of any tree, and what is read is what is written', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...IMPORT_SOURCES),
      fc.array(arbitraryTree, { maxLength: 4 }),
      (source, trees) => {
        const words: string[] = []
        const nodeOf = ({ name, span, children }: Tree): Y.XmlElement =>
          a(
            name,
            { colspan: span, rowspan: span },
            ...children.map((child) => {
              if (child !== 'text') return nodeOf(child)
              words.push(`word${words.length};`)
              return words.at(-1) ?? ''
            }),
          )
        const update = updateOf(source, n('paragraph'), ...trees.map((tree) => nodeOf(tree)))
        const { document } = importDocument(update, source)
        document.check()
        const found = document.textBetween(0, document.content.size, '').match(/word\d+;/g) ?? []
        expect(found.toSorted()).toEqual(words.toSorted())
        const doc = new Y.Doc()
        writeTextDocument(textOf(doc), document)
        expect(readTextDocument(textOf(doc), schema).toJSON()).toEqual(document.toJSON())
      },
    ),
    { numRuns: RUNS * 4 },
  )
})
