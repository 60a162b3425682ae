import type { ResolvedPos } from 'prosemirror-model'
import {
  AllSelection,
  NodeSelection,
  TextSelection,
  type Selection,
  type Transaction,
} from 'prosemirror-state'
import { CellSelection, cellAround, inSameTable } from 'prosemirror-tables'
import {
  createActions,
  createEditorPlugins,
  createEditorProps,
  lookFor,
  replaceBy,
  setImage,
  setLink,
  type Action,
} from '../../editor/index.ts'
import { Peer, type BindingForm } from './peers.ts'

/** A place, or a stretch, of a document: each end so many thousandths of the way through it. */
export interface Where {
  /** `cells` is a range unless both ends are in cells of one table. */
  readonly as: 'caret' | 'range' | 'cells' | 'node' | 'all'
  readonly from: number
  readonly to: number
}

/** What a clipboard holds, by type. */
export type Clipboard = ReadonlyMap<string, string>

const THOUSAND = 1_000

/** Somebody at the editor as the app makes it, whose gestures are those that the page would tell it of. */
export class Writer extends Peer {
  readonly actions: readonly Action[]
  clipboard: Clipboard = new Map()

  constructor(form: BindingForm, clientID: number, content?: Uint8Array) {
    let actions: readonly Action[] = []
    super(form, content, {
      clientID,
      plugins: (history) => {
        actions = createActions({
          history,
          // What people then fill in and apply.
          editImage: (view) => setImage('https://example.org/a.png', '')(view.state, view.dispatch),
          editLink: (view) => setLink('https://example.org/')(view.state, view.dispatch),
        })
        return createEditorPlugins({ actions, history, placeholder: () => '' })
      },
      props: createEditorProps({ label: () => 'Document' }),
    })
    this.actions = actions
    // As in the panel, without which nothing can be replaced.
    const sought = { text: 'a', matchCase: true, wholeWord: false, isExpression: false }
    this.dispatch((tr) => lookFor(tr, sought, 0)).dispatch((tr) => replaceBy(tr, 'b'))
    // jsdom has no layout that would say where a line ends.
    this.view.endOfTextblock = (direction, state = this.state) => {
      const { parentOffset, parent } = state.selection.$head
      const isBackward = ['backward', 'left', 'up'].includes(direction)
      return parentOffset === (isBackward ? 0 : parent.content.size)
    }
  }

  selectAt(where: Where): void {
    const selection = this.#selectionAt(where)
    if (!selection.eq(this.state.selection)) this.dispatch((tr) => tr.setSelection(selection))
  }

  /** Throws a `RangeError` if there is no such action. */
  act(name: string): void {
    const action = this.actions.find((each) => each.name === name)
    if (action === undefined) throw new RangeError(`There is no action ${name}`)
    const canRun = action.run(this.state, undefined, this.view)
    const has = this.run(action.run)
    // Others may have deleted all that undo would delete, which Yjs finds out only by trying.
    const isHistory = name === 'undo' || name === 'redo'
    if (canRun !== has && !isHistory)
      throw new Error(`${name} says ${canRun} when asked and ${has} when done`)
  }

  /** Presses a key by prosemirror-keymap's name; what no plugin takes, the browser would do. */
  press(key: string): void {
    const names = key.split('-')
    const event = new KeyboardEvent('keydown', {
      key: names.at(-1) ?? '',
      ctrlKey: names.includes('Mod'),
      shiftKey: names.includes('Shift'),
    })
    const isTaken = this.view.someProp('handleKeyDown', (handle) => handle(this.view, event)) === true
    if (isTaken) return
    if (key === 'Backspace') this.#deleteBeside(-1)
    if (key === 'Delete') this.#deleteBeside(1)
  }

  /** Types character by character, as the view does it. */
  write(text: string): void {
    for (const character of text) {
      const { state, view } = this
      const { from, to, $from, $to } = state.selection
      const isPlain = state.selection instanceof TextSelection && $from.sameParent($to)
      const insert = (): Transaction =>
        isPlain ? this.state.tr.insertText(character, from, to) : this.state.tr.insertText(character)
      const isTaken = view.someProp('handleTextInput', (handle) => handle(view, from, to, character, insert))
      if (isTaken !== true) view.dispatch(insert())
    }
  }

  paste(clipboard: Clipboard): void {
    this.#tell('paste', {
      clipboardData: {
        getData: (type: string) => clipboard.get(type) ?? '',
        types: [...clipboard.keys()],
        files: [],
      },
    })
  }

  cut(): void {
    const data = new Map<string, string>()
    this.#tell('cut', {
      clipboardData: {
        clearData: () => data.clear(),
        setData: (type: string, content: string) => data.set(type, content),
      },
    })
    if (data.size > 0) this.clipboard = data
  }

  /** Drags what is selected to another place. */
  dragTo(thousandths: number): void {
    const { view } = this
    const { selection } = this.state
    if (selection.empty) return
    const { pos } = this.#placeAt(thousandths)
    view.posAtCoords = () => ({ pos, inside: -1 })
    const node = selection instanceof NodeSelection ? { node: selection } : {}
    view.dragging = Object.assign({ slice: selection.content(), move: true }, node)
    this.#tell('drop', { dataTransfer: { getData: () => '', types: [], files: [] } })
    view.dragging = null
  }

  /** Throws what a listener throws, which an event keeps to itself. */
  #tell(name: string, data: object): void {
    const errors: unknown[] = []
    const catchError = ({ error }: ErrorEvent): void => void errors.push(error)
    window.addEventListener('error', catchError)
    this.view.dom.dispatchEvent(Object.assign(new Event(name, { cancelable: true }), data))
    window.removeEventListener('error', catchError)
    if (errors.length > 0) throw errors[0]
  }

  #deleteBeside(direction: -1 | 1): void {
    const { $head, empty } = this.state.selection
    const beside = direction < 0 ? $head.nodeBefore : $head.nodeAfter
    if (!empty || beside === null) return
    const characters = Array.from(beside.text ?? ' ')
    const length = (direction < 0 ? characters.at(-1) : characters[0])?.length ?? 1
    const to = $head.pos + direction * length
    this.dispatch((tr) => tr.delete(Math.min($head.pos, to), Math.max($head.pos, to)))
  }

  #selectionAt({ as, from, to }: Where): Selection {
    const { doc } = this.state
    const $from = this.#placeAt(from)
    if (as === 'all') return new AllSelection(doc)
    if (as === 'node') {
      const places: number[] = []
      doc.descendants((node, pos) => {
        if (NodeSelection.isSelectable(node)) places.push(pos)
      })
      const place = places[Math.floor((from * places.length) / (THOUSAND + 1))]
      if (place !== undefined) return NodeSelection.create(doc, place)
    }
    if (as === 'caret') return TextSelection.between($from, $from)
    const $to = this.#placeAt(to)
    const [$cell, $other] = [cellAround($from), cellAround($to)]
    if (as === 'cells' && $cell !== null && $other !== null && inSameTable($cell, $other))
      return new CellSelection($cell, $other)
    return TextSelection.between($from, $to)
  }

  #placeAt(thousandths: number): ResolvedPos {
    const { doc } = this.state
    const { size } = doc.content
    const place = Math.round((size * thousandths) / THOUSAND)
    const around = doc.textBetween(Math.max(0, place - 1), Math.min(size, place + 1), '|', '|')
    // No caret stands between the two halves of a character.
    return doc.resolve(/^[\ud800-\udbff][\udc00-\udfff]$/.test(around) ? place + 1 : place)
  }
}
