import { describe, expect, it } from 'vitest'
import { initials } from '../../ui/initials.ts'
import { ariaKeyShortcut, isMac, keyLabel } from '../../ui/key-label.ts'
import { saveStateWords } from '../../ui/save-state-words.ts'

describe('the save state in words', () => {
  it('says what has become of the changes', () => {
    expect(saveStateWords({ kind: 'saved', unsaved: 0 }, 'open')).toBe('Saved')
    expect(saveStateWords({ kind: 'saving', unsaved: 3 }, 'open')).toBe('Saving…')
    expect(saveStateWords({ kind: 'reconnecting', unsaved: 0 }, 'open')).toBe('Reconnecting…')
  })

  it('counts what is not saved', () => {
    expect(saveStateWords({ kind: 'unsaved', unsaved: 1 }, 'open')).toBe('Not saved: 1 change')
    expect(saveStateWords({ kind: 'unsaved', unsaved: 3 }, 'open')).toBe('Not saved: 3 changes')
  })

  it('says why nothing is saved where the server has said so', () => {
    expect(saveStateWords({ kind: 'unsaved', unsaved: 3, reason: 'storage' }, 'open')).toBe(
      'Not saved – the server cannot write to its disk',
    )
  })

  it('claims nothing about a document that has not come yet', () => {
    expect(saveStateWords({ kind: 'reconnecting', unsaved: 0 }, 'loading')).toBe('Connecting…')
    expect(saveStateWords({ kind: 'saved', unsaved: 0 }, 'loading')).toBe('Loading…')
    expect(saveStateWords({ kind: 'saved', unsaved: 0 }, 'refused')).toBe('Not connected')
  })
})

describe('a key', () => {
  it('is written as its platform writes it', () => {
    expect(keyLabel('Mod-b', false)).toBe('Ctrl+B')
    expect(keyLabel('Mod-b', true)).toBe('⌘B')
    expect(keyLabel('Mod-Shift-7', false)).toBe('Ctrl+Shift+7')
    expect(keyLabel('Mod-Alt-0', true)).toBe('⌥⌘0')
    expect(keyLabel('Mod-Shift-z', true)).toBe('⇧⌘Z')
  })

  it('may be a sign, a hyphen too', () => {
    expect(keyLabel('Mod-\\', false)).toBe('Ctrl+\\')
    expect(keyLabel('Mod-]', false)).toBe('Ctrl+]')
    expect(keyLabel('Mod--', false)).toBe('Ctrl+-')
    expect(keyLabel('Tab', false)).toBe('Tab')
  })

  it('is told to screen readers in ARIA’s words', () => {
    expect(ariaKeyShortcut('Mod-Shift-7', false)).toBe('Control+Shift+7')
    expect(ariaKeyShortcut('Mod-k', true)).toBe('Meta+K')
  })

  it('has ⌘ on Apple’s platforms', () => {
    expect(['MacIntel', 'iPhone', 'iPad', 'Win32', 'Linux x86_64'].map(isMac)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('initials', () => {
  it('are of the first and the last word', () => {
    expect(initials('Ada Lovelace')).toBe('AL')
    expect(initials('Johann Sebastian Bach')).toBe('JB')
    expect(initials('alice')).toBe('A')
    expect(initials('Guest 417')).toBe('G4')
  })

  it('keep accents, and characters of two code units, whole', () => {
    expect(initials('e\u0301mile zola')).toBe('E\u0301Z')
    expect(initials('𝒜da')).toBe('𝒜')
  })

  it('are the picture of a name that is one', () => {
    expect(initials('👩‍🚀 …')).toBe('👩‍🚀')
    expect(initials('🇩🇪')).toBe('🇩🇪')
  })

  it('are a question mark where there is no letter', () => {
    expect(initials('')).toBe('?')
    expect(initials('… !')).toBe('?')
  })
})
