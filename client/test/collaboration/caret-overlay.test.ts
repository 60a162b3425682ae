// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { createCaretOverlay, type CaretOverlay } from '../../collaboration/caret-overlay.ts'
import { createPresence, type Presence } from '../../collaboration/presence.ts'
import { lines, type Box } from '../../collaboration/selection-parts.ts'
import { ManualTimers } from './manual-timers.ts'
import { Peer, exchange } from './peers.ts'
import { xmlForm } from './xml-form.ts'

const CHARACTER = 10
const LINE = 20

/** A person with an editor, an awareness, and an overlay in a page without layout. */
class Someone {
  readonly peer: Peer
  readonly awareness: Awareness
  readonly presence: Presence
  readonly timers = new ManualTimers()
  readonly overlay: CaretOverlay
  readonly page = document.createElement('div')
  announced = 0

  constructor(name: string, content: Uint8Array) {
    this.peer = new Peer(xmlForm, content)
    this.awareness = new Awareness(this.peer.doc)
    this.presence = createPresence(this.awareness, { name })
    this.awareness.on('update', () => this.announced++)
    const { view } = this.peer
    this.page.append(view.dom)
    document.body.append(this.page)
    // jsdom lays nothing out: every character is as wide as every other, and every block is one line.
    vi.spyOn(view, 'coordsAtPos').mockImplementation((position) => {
      const $position = view.state.doc.resolve(position)
      const left = $position.parentOffset * CHARACTER
      const top = $position.index(0) * LINE
      return { left, right: left, top, bottom: top + LINE }
    })
    this.overlay = createCaretOverlay({
      view,
      binding: this.peer.binding,
      presence: this.presence,
      timers: this.timers,
    })
    const update = view.updateState.bind(view)
    vi.spyOn(view, 'updateState').mockImplementation((state) => {
      update(state)
      this.overlay.update()
    })
  }

  get carets(): HTMLElement[] {
    return [...this.page.querySelectorAll<HTMLElement>('.codraft-caret')]
  }

  tell(other: Someone): void {
    const update = encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])
    applyAwarenessUpdate(other.awareness, update, 'network')
  }

  close(): void {
    this.overlay.close()
    this.presence.close()
    this.awareness.destroy()
    this.peer.close()
    this.page.remove()
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => window.requestAnimationFrame(() => resolve()))
}

describe("the others' carets", () => {
  let alice: Someone
  let bob: Someone

  beforeEach(() => {
    const seed = new Peer(xmlForm)
    seed.select(1).type('one two')
    const content = Y.encodeStateAsUpdate(seed.doc)
    seed.close()
    alice = new Someone('Alice', content)
    bob = new Someone('<b>Bob', content)
  })

  afterEach(() => {
    alice.close()
    bob.close()
    vi.restoreAllMocks()
  })

  /** Bob puts his caret somewhere, and Alice sees it. */
  async function bobMoves(anchor: number, head = anchor): Promise<void> {
    bob.peer.view.focus()
    bob.peer.select(anchor, head)
    bob.timers.pass(100)
    bob.tell(alice)
    await nextFrame()
  }

  it('are drawn beside the text, for nobody but the eye', async () => {
    await bobMoves(4)
    const [caret] = alice.carets
    expect(alice.carets).toHaveLength(1)
    expect(caret?.style.left).toBe('30px')
    expect(caret?.style.height).toBe('20px')
    expect(caret?.textContent).toBe('<b>Bob')
    expect(alice.page.querySelectorAll('.codraft-selection-part')).toHaveLength(0)
    expect(caret?.parentElement?.getAttribute('aria-hidden')).toBe('true')
    expect(alice.peer.view.dom.contains(caret ?? null)).toBe(false)
    expect(caret?.style.getPropertyValue('--codraft-person-color')).toMatch(/^#[0-9a-f]{6}$/)
  })

  it('move with the text before them', async () => {
    await bobMoves(4)
    alice.peer.dispatch((tr) => tr.insertText('zero ', 1))
    await nextFrame()
    expect(alice.carets[0]?.style.left).toBe('80px')
  })

  it('are in their place where the page is scaled', async () => {
    const layer = alice.page.querySelector<HTMLElement>('.codraft-carets')
    if (layer === null) throw new Error('There is no layer')
    vi.spyOn(layer, 'offsetWidth', 'get').mockReturnValue(100)
    vi.spyOn(layer, 'offsetHeight', 'get').mockReturnValue(100)
    vi.spyOn(layer, 'getBoundingClientRect').mockReturnValue(new DOMRect(10, -50, 50, 25))
    await bobMoves(4)
    const [caret] = alice.carets
    expect(caret?.style.left).toBe('40px')
    expect(caret?.style.top).toBe('200px')
    expect(caret?.style.height).toBe('80px')
  })

  it.each([
    [0, 1_000, 'right'],
    [0, 130, 'left'],
    [0, 60, 'left'],
    [20, 90, 'right'],
  ])('have their names on the side where there is room: %d to %d', async (left, right, toward) => {
    const { dom } = alice.peer.view
    vi.spyOn(dom, 'getBoundingClientRect').mockReturnValue(new DOMRect(left, 0, right - left, 100))
    await bobMoves(right === 130 ? 8 : 5)
    expect(alice.carets[0]?.dataset['toward']).toBe(toward)
  })

  it('show a name when they move, and then near the pointer', async () => {
    await bobMoves(4)
    const [caret] = alice.carets
    expect(caret?.hasAttribute('data-moved')).toBe(true)
    alice.timers.pass(4_000)
    expect(caret?.hasAttribute('data-moved')).toBe(false)
    alice.peer.dispatch((tr) => tr.insertText('zero ', 1))
    await nextFrame()
    expect(caret?.hasAttribute('data-moved')).toBe(false)
    alice.peer.view.dom.dispatchEvent(new MouseEvent('mousemove', { clientX: 82, clientY: 10 }))
    expect(caret?.hasAttribute('data-near')).toBe(true)
    alice.peer.view.dom.dispatchEvent(new MouseEvent('mousemove', { clientX: 200, clientY: 10 }))
    expect(caret?.hasAttribute('data-near')).toBe(false)
    await bobMoves(2)
    expect(caret?.hasAttribute('data-moved')).toBe(true)
  })

  it('are not drawn where a peer names no place', async () => {
    bob.presence.setSelection({ item: 'x' }, 7)
    bob.tell(alice)
    await nextFrame()
    expect(alice.carets).toEqual([])
  })

  it('go when their owner goes, and with the overlay', async () => {
    await bobMoves(4)
    bob.awareness.setLocalState(null)
    bob.tell(alice)
    await nextFrame()
    expect(alice.carets).toEqual([])
    alice.overlay.close()
    alice.overlay.close()
    expect(alice.page.querySelector('.codraft-carets')).toBeNull()
  })

  it('are told by their owner only when he moves', async () => {
    await bobMoves(4)
    bob.announced = 0
    alice.peer.dispatch((tr) => tr.insertText('zero ', 1).addMark(1, 9, tr.doc.type.schema.mark('strong')))
    alice.peer.dispatch((tr) => tr.delete(8, 10))
    exchange(alice.peer, bob.peer)
    bob.timers.pass(1_000)
    await nextFrame()
    expect(bob.announced).toBe(0)
  })

  it('are told at most ten times a second, the last place always', () => {
    bob.peer.view.focus()
    bob.timers.pass(1_000)
    bob.announced = 0
    for (let position = 1; position <= 7; position++) bob.peer.select(position)
    expect(bob.announced).toBe(1)
    bob.timers.pass(100)
    expect(bob.announced).toBe(2)
    const selection = bob.presence.people[0]?.selection
    expect(bob.peer.binding.positionOf(selection?.head, bob.peer.state)).toBe(7)
  })
})

function box(left: number, top: number, right: number, bottom: number): Box {
  return { left, top, right, bottom }
}

describe('a selection', () => {
  it('is one part a line, whatever boxes its marks make', () => {
    expect(
      lines([
        box(0, 0, 50, 20),
        box(10, 2, 30, 18),
        box(50, 0, 90, 20),
        box(0, 20, 40, 40),
        box(0, 21, 40, 39),
      ]),
    ).toEqual([box(0, 0, 90, 20), box(0, 20, 40, 40)])
  })

  it('leaves out what lies between two pieces of a line, as where the direction of writing changes', () => {
    const [first, last] = [box(0, 0, 40, 20), box(120, 2, 160, 18)]
    expect(lines([last, first])).toEqual([first, box(120, 0, 160, 20)])
    expect(lines([box(60, 0, 80, 20), box(0, 0, 30, 20), box(30.4, 0, 60, 20)])).toEqual([box(0, 0, 80, 20)])
  })
})
