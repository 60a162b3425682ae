import * as fc from 'fast-check'
import type { Licence } from './token-law.ts'
import type { Where, Writer } from './writer.ts'

/** Something that a person does at an editor; plain data, so that a failure prints what to repeat. */
export type Deed =
  | { readonly kind: 'type'; readonly at: Where; readonly text: string }
  | { readonly kind: 'press'; readonly at: Where; readonly key: string }
  | { readonly kind: 'run'; readonly at: Where; readonly action: string }
  | { readonly kind: 'paste'; readonly at: Where; readonly type: string; readonly content: string }
  | { readonly kind: 'paste back' | 'cut'; readonly at: Where }
  | { readonly kind: 'drag'; readonly at: Where; readonly to: number }

/** Stands in texts for a token that has never been typed. */
const NEW_TOKEN = /@/g

/** What each key may do with the text; also those that no plugin takes. */
const keys: Readonly<Record<string, Licence>> = {
  Enter: 'replace',
  'Shift-Enter': 'replace',
  'Mod-Enter': 'replace',
  Backspace: 'delete',
  'Mod-Backspace': 'delete',
  Delete: 'delete',
  Tab: 'keep',
  'Shift-Tab': 'keep',
  'Mod-a': 'keep',
  Escape: 'keep',
}

/** What those actions may do with the text that do not leave it alone. */
const actionLicences: Readonly<Record<string, Licence>> = {
  undo: 'undo',
  redo: 'undo',
  'move-up': 'move',
  'move-down': 'move',
  'insert-rule': 'replace',
  'insert-page-break': 'replace',
  'insert-image': 'replace',
  'insert-table': 'replace',
  'delete-row': 'remove',
  'delete-column': 'remove',
  'delete-table': 'remove',
}

const texts = [
  '@',
  '@',
  '@@',
  '@ @',
  'a@',
  ' ',
  ' ',
  '# ',
  '> ',
  '- ',
  '1. ',
  '[ ] ',
  '@ www.example.org ',
  '😀',
]

const clipboards: readonly (readonly [type: string, content: string])[] = [
  ['text/plain', '@'],
  ['text/plain', '@\n@\n'],
  ['text/plain', 'https://example.org/'],
  ['text/html', '<b>@</b>'],
  ['text/html', '<h1>@</h1><p>@</p>'],
  ['text/html', '<ul><li>@<ol><li>@</li></ol></li></ul>'],
  ['text/html', '<p>@</p><hr><p></p>'],
  ['text/html', '<p><img src="https://example.org/a.png"></p><pre><code>@\n@</code></pre>'],
  ['text/html', '<table><tr><td>@</td><td rowspan="2">@</td></tr><tr><td><p>@</p><p>@</p></td></tr></table>'],
]

const thousandths = fc.nat(1_000)
/** Mostly carets and short ways. */
const where: fc.Arbitrary<Where> = fc.oneof(
  { weight: 6, arbitrary: thousandths.map((from) => ({ as: 'caret' as const, from, to: from })) },
  {
    weight: 4,
    arbitrary: fc.record({
      as: fc.constantFrom('range' as const, 'range' as const, 'cells' as const),
      from: thousandths,
      to: thousandths,
    }),
  },
  { weight: 1, arbitrary: thousandths.map((from) => ({ as: 'node' as const, from, to: from })) },
  { weight: 1, arbitrary: fc.constant({ as: 'all' as const, from: 0, to: 1_000 }) },
)

/** Any deed with one of these actions. */
export function deedOf(actions: readonly string[]): fc.Arbitrary<Deed> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('type' as const),
        at: where,
        text: fc.constantFrom(...texts),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('press' as const),
        at: where,
        key: fc.constantFrom(...Object.keys(keys), 'Enter', 'Enter', 'Backspace', 'Backspace'),
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('run' as const),
        at: where,
        action: fc.constantFrom(...actions, 'undo', 'undo', 'undo', 'redo', 'redo'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(where, fc.constantFrom(...clipboards))
        .map(([at, [type, content]]) => ({ kind: 'paste' as const, at, type, content })),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'paste back' as const), at: where }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('drag' as const), at: where, to: thousandths }),
    },
  )
}

export function licenceOf(deed: Deed): Licence {
  switch (deed.kind) {
    case 'type':
    case 'cut':
      return 'replace'
    case 'paste':
    case 'paste back':
      return 'paste'
    case 'drag':
      return 'move'
    case 'press':
      return keys[deed.key] ?? 'keep'
    case 'run':
      return actionLicences[deed.action] ?? 'keep'
  }
}

/** Does it, at what has been selected for it. */
export function perform(writer: Writer, deed: Deed, newToken: () => string): void {
  switch (deed.kind) {
    case 'type':
      writer.write(deed.text.replaceAll(NEW_TOKEN, newToken))
      break
    case 'press':
      writer.press(deed.key)
      break
    case 'run':
      writer.act(deed.action)
      break
    case 'paste':
      writer.paste(new Map([[deed.type, deed.content.replaceAll(NEW_TOKEN, newToken)]]))
      break
    case 'paste back':
      writer.paste(writer.clipboard)
      break
    case 'cut':
      writer.cut()
      break
    case 'drag':
      writer.dragTo(deed.to)
      break
  }
}
