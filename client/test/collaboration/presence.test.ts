import { describe, expect, it, onTestFinished } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { chooseColor, inkOn, personColors } from '../../collaboration/person-color.ts'
import { createPresence, type Person } from '../../collaboration/presence.ts'

function awarenessOf(clientID: number): Awareness {
  const doc = new Y.Doc()
  doc.clientID = clientID
  const awareness = new Awareness(doc)
  onTestFinished(() => awareness.destroy())
  return awareness
}

function tell(from: Awareness, to: Awareness): void {
  applyAwarenessUpdate(to, encodeAwarenessUpdate(from, [from.clientID]), 'network')
}

/** How somebody who says this is seen by others. */
function seen(state: Record<string, unknown>): Person | undefined {
  const [own, other] = [awarenessOf(1), awarenessOf(2)]
  const presence = createPresence(own)
  other.setLocalState(state)
  tell(other, own)
  return presence.people.find(({ isSelf }) => !isSelf)
}

describe('presence', () => {
  it('lists this client first, then the others by client id', () => {
    const [own, second, third] = [awarenessOf(5), awarenessOf(7), awarenessOf(3)]
    const presence = createPresence(own, { name: 'Ada', color: '#112233' })
    createPresence(second, { name: 'Bob' })
    createPresence(third, { name: 'Cyd' })
    tell(second, own)
    tell(third, own)
    expect(presence.people.map(({ name, isSelf }) => [name, isSelf])).toEqual([
      ['Ada', true],
      ['Cyd', false],
      ['Bob', false],
    ])
    expect(presence.people[0]).toMatchObject({ clientID: 5, color: '#112233', selection: null })
  })

  it('makes up a friendly name', () => {
    const presence = createPresence(awarenessOf(1), { random: () => 0.5 })
    expect(presence.people[0]?.name).toBe('Guest 550')
  })

  it('tells of those who come, move and leave, until it is closed', () => {
    const [own, other] = [awarenessOf(1), awarenessOf(2)]
    const presence = createPresence(own)
    const theirs = createPresence(other, { name: 'Bob' })
    const told: string[] = []
    presence.onPeople((people) =>
      told.push(
        people
          .map(({ name }) => name)
          .slice(1)
          .join(),
      ),
    )
    tell(other, own)
    theirs.setSelection({ a: 1 }, { a: 2 })
    tell(other, own)
    expect(presence.people[1]?.selection).toEqual({ anchor: { a: 1 }, head: { a: 2 } })
    other.setLocalState(null)
    tell(other, own)
    expect(told).toEqual(['Bob', 'Bob', ''])
    presence.close()
    presence.close()
    other.setLocalState({})
    tell(other, own)
    expect(told).toHaveLength(3)
  })

  it('says nothing twice', () => {
    const own = awarenessOf(1)
    const presence = createPresence(own)
    let updates = 0
    own.on('update', () => updates++)
    presence.setSelection({ a: 1 }, { a: 1 })
    presence.setSelection({ a: 1 }, { a: 1 })
    presence.setSelection(null, null)
    presence.setSelection(null, null)
    expect(updates).toBe(2)
  })

  it('says nothing while this client is nobody', () => {
    const own = awarenessOf(1)
    own.setLocalState(null)
    const presence = createPresence(own)
    presence.setUser({ name: 'Ada' })
    expect(own.getLocalState()).toBeNull()
    expect(presence.people).toEqual([])
  })

  it('changes what is given, and takes no colour that is none', () => {
    const presence = createPresence(awarenessOf(1), { name: 'Ada' })
    const before = presence.people[0]?.color
    presence.setUser({ name: 'Ada L.' })
    expect(presence.people[0]).toMatchObject({ name: 'Ada L.', color: before })
    presence.setUser({ color: '#ABCDEF' })
    expect(presence.people[0]).toMatchObject({ name: 'Ada L.', color: '#abcdef' })
    expect(() => presence.setUser({ color: 'red' })).toThrow(RangeError)
  })

  describe('of somebody else', () => {
    it.each([
      [{}],
      [{ user: 7 }],
      [{ user: { name: 7 } }],
      [{ user: { name: '' } }],
      [{ user: { name: ' \n\u202e' } }],
    ])('who says %o has a made-up name', (state) => {
      expect(seen(state)?.name).toBe('Guest 102')
    })

    it.each(['red', '#12345', '#1234567', '#12345g', '#123456;background:url(x)', 7, null])(
      'whose colour is %o has one of ours',
      (color) => {
        expect(personColors).toContain(seen({ user: { name: 'Eve', color } })?.color)
      },
    )

    it('bounds the name, and keeps it on one line', () => {
      expect(seen({ user: { name: `<b>${'x'.repeat(1_000)}` } })?.name).toBe(`<b>${'x'.repeat(61)}`)
      expect(seen({ user: { name: ' Eve\n\t\u202eAdam ' } })?.name).toBe('Eve Adam')
      expect(seen({ user: { name: '👩‍🚀' } })?.name).toBe('👩‍🚀')
    })

    it.each([7, 'x', [], null])('whose selection is %o is nowhere', (selection) => {
      expect(seen({ selection })?.selection).toBeNull()
    })
  })
})

describe('the colours of people', () => {
  it('carry white text, by WCAG AA', () => {
    expect(personColors.map(inkOn)).toEqual(personColors.map(() => '#ffffff'))
    expect(personColors.filter((color) => contrastWithWhite(color) < 4.5)).toEqual([])
  })

  it('stay the same for one client, and differ among those present while there are enough', () => {
    expect(chooseColor(7, new Set())).toBe(chooseColor(7, new Set()))
    const taken = new Set<string>()
    while (taken.size < personColors.length) taken.add(chooseColor(7, taken))
    expect([...taken].toSorted()).toEqual(personColors.toSorted())
    expect(chooseColor(7, taken)).toBe(chooseColor(7, new Set()))
  })

  it('differ even for two who came at the same moment', () => {
    const [one, two] = [awarenessOf(1), awarenessOf(1 + personColors.length)]
    const [first, second] = [createPresence(one), createPresence(two)]
    expect(first.people[0]?.color).toBe(second.people[0]?.color)
    tell(one, two)
    tell(two, one)
    expect(first.people[0]?.color).toBe(personColors[1])
    expect(second.people[0]?.color).not.toBe(first.people[0]?.color)
    expect(first.people[1]?.color).toBe(second.people[0]?.color)
  })

  it('have dark text where they are light', () => {
    expect(inkOn('#ffff00')).toBe('#000000')
    expect(inkOn('#ffc857')).toBe('#000000')
    expect(inkOn('#000080')).toBe('#ffffff')
    expect(inkOn('#000000')).toBe('#ffffff')
  })
})

function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}
