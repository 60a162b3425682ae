import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection, type Command, type Plugin, type Transaction } from 'prosemirror-state'
import { EditorView, type EditorProps } from 'prosemirror-view'
import { expect } from 'vitest'
import * as Y from 'yjs'
import type { Binding, IncompatibleDocumentError } from '../../collaboration/binding.ts'

/** A binding under test: how a document of its form is bound, and read without a binding. */
export interface BindingForm {
  bind(doc: Y.Doc, onIncompatible: (error: IncompatibleDocumentError) => void): Binding
  read(doc: Y.Doc): Node
}

/** What a peer's editor is made of, beside the binding. */
export interface PeerParts {
  readonly plugins?: (binding: Binding) => readonly Plugin[]
  readonly props?: EditorProps
  /** Yjs breaks ties by it. Default: Yjs draws one. */
  readonly clientID?: number
}

/** The origin of what others have done. */
export const NETWORK = 'network'

/** Somebody with an editor on a copy of the document, whose changes wait until they are delivered. */
export class Peer {
  readonly doc = new Y.Doc()
  readonly binding: Binding
  readonly view: EditorView
  readonly transactions: Transaction[] = []
  readonly problems: IncompatibleDocumentError[] = []
  /** How many changes this peer has made of itself. */
  sent = 0

  constructor(form: BindingForm, content?: Uint8Array, parts: PeerParts = {}) {
    if (parts.clientID !== undefined) this.doc.clientID = parts.clientID
    if (content !== undefined) Y.applyUpdate(this.doc, content, NETWORK)
    this.doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin !== NETWORK) this.sent++
    })
    const binding = form.bind(this.doc, (error) => this.problems.push(error))
    this.binding = binding
    const plugins = parts.plugins?.(binding) ?? []
    this.view = new EditorView(null, {
      ...parts.props,
      state: EditorState.create({ doc: binding.doc, plugins: [...plugins, ...binding.plugins] }),
      dispatchTransaction: (tr) => {
        this.transactions.push(tr)
        binding.dispatch(this.view, tr)
      },
      // jsdom has no layout to scroll in.
      handleScrollToSelection: () => true,
    })
  }

  get state(): EditorState {
    return this.view.state
  }

  get text(): string {
    return this.state.doc.textBetween(0, this.state.doc.content.size, '|')
  }

  dispatch(change: (tr: Transaction) => Transaction): this {
    this.view.dispatch(change(this.state.tr))
    return this
  }

  /** Runs a command as a key or a control does; returns whether it did anything. */
  run(command: Command): boolean {
    return command(this.state, (tr) => this.view.dispatch(tr), this.view)
  }

  /** Puts the caret, or the selection's ends. */
  select(anchor: number, head = anchor): this {
    return this.dispatch((tr) => tr.setSelection(TextSelection.create(tr.doc, anchor, head)))
  }

  /** Types at the selection. */
  type(text: string): this {
    return this.dispatch((tr) => tr.insertText(text))
  }

  /** Types as a step of its own for undo. */
  typeAnew(text: string): this {
    this.binding.stopCapturing()
    return this.type(text)
  }

  receive(from: Peer): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(this.doc)), NETWORK)
  }

  close(): void {
    this.view.destroy()
    this.binding.close()
    this.doc.destroy()
  }
}

/** Everybody gets everything. */
export function exchange(...peers: readonly Peer[]): void {
  // Twice: Yjs may clean up formats after a change, which is one more.
  for (let round = 0; round < 2; round++) {
    for (const to of peers) for (const from of peers) if (from !== to) to.receive(from)
  }
}

/** Nobody answers: what Yjs deletes of superfluous formats makes no new item. */
export function exchangeQuietly(peers: readonly Peer[]): void {
  const clocks = peers.map(clockOf)
  exchange(...peers)
  expect(peers.map(clockOf)).toEqual(clocks)
}

function clockOf({ doc }: Peer): number {
  return Y.getState(doc.store, doc.clientID)
}
