import type { CDPSession } from '@playwright/test'
import { converged, type Person } from '../support/person.ts'
import { expect, test } from '../support/test.ts'

test.skip(({ browserName }) => browserName !== 'chromium', 'Only Chromium lets a test compose.')

/** Somebody's input method. */
class InputMethod {
  readonly #person: Person
  readonly #session: CDPSession

  static async of(person: Person): Promise<InputMethod> {
    await person.text.evaluate((text) => {
      const endings: string[] = []
      Object.assign(window, { endings })
      text.addEventListener('compositionend', (event) => {
        if (event instanceof CompositionEvent) endings.push(event.data)
      })
    })
    return new InputMethod(person, await person.page.context().newCDPSession(person.page))
  }

  private constructor(person: Person, session: CDPSession) {
    this.#person = person
    this.#session = session
  }

  /** Shows this as what is being composed; the text has it when this resolves. */
  async compose(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const caret = { selectionStart: text.length, selectionEnd: text.length }
      await this.#session.send('Input.imeSetComposition', { text, ...caret })
    }
  }

  async commit(text: string): Promise<void> {
    await this.#session.send('Input.insertText', { text })
  }

  /** With what each composition ended so far. */
  async endings(): Promise<unknown> {
    return this.#person.page.evaluate(() => (window as unknown as { endings: string[] }).endings)
  }
}

/** What Bob does while Alice composes in "before|after", and what then is there with her word. */
const meanwhile: readonly (readonly [string, (bob: Person) => Promise<void>, (word: string) => string[]])[] =
  [
    [
      'types at the beginning',
      async (bob) => {
        await bob.caretIn(0, 'start')
        await bob.type('see ')
      },
      (word) => [`see before${word}after`],
    ],
    [
      'types at the end',
      async (bob) => {
        await bob.caretIn(0, 'end')
        await bob.type(' all')
      },
      (word) => [`before${word}after all`],
    ],
    [
      'types on both sides',
      async (bob) => {
        await bob.caretIn(0, 'end')
        await bob.type('<')
        await bob.caretIn(0, 'start')
        await bob.type('>')
      },
      (word) => [`>before${word}after<`],
    ],
    [
      'types right in front of it',
      async (bob) => {
        await bob.caretIn(0, 'start')
        await bob.press(...Array.from('before', () => 'ArrowRight'))
        await bob.type('xy')
      },
      (word) => [`beforexy${word}after`],
    ],
    [
      'types right behind it',
      async (bob) => {
        await bob.caretIn(0, 'end')
        await bob.press(...Array.from('after', () => 'ArrowLeft'))
        await bob.type('xy')
      },
      (word) => [`before${word}xyafter`],
    ],
    [
      'deletes what is in front of it',
      async (bob) => {
        await bob.caretIn(0, 'start')
        await bob.press(...Array.from('before', () => 'Delete'))
      },
      (word) => [`${word}after`],
    ],
    [
      'splits the paragraph in front of it',
      async (bob) => {
        await bob.caretIn(0, 'start')
        await bob.press('ArrowRight', 'ArrowRight', 'Enter')
      },
      (word) => ['be', `fore${word}after`],
    ],
    [
      'splits the paragraph behind it',
      async (bob) => {
        await bob.caretIn(0, 'end')
        await bob.press('ArrowLeft', 'ArrowLeft', 'Enter')
      },
      (word) => [`before${word}aft`, 'er'],
    ],
    [
      'makes all of it bold',
      async (bob) => {
        await bob.caretIn(0, 'start')
        await bob.press('Shift+End', 'ControlOrMeta+b')
      },
      (word) => [`before${word}after`],
    ],
  ]

for (const [what, act, result] of meanwhile) {
  test(`Japanese goes on while somebody ${what}`, async ({ alice, bob }) => {
    const ime = await begin(alice, bob)
    await ime.compose('n', 'に', 'にh', 'にほ')
    await converged([alice, bob], (lines) => lines[0] === 'beforeにほafter')
    await act(bob)
    await converged([alice, bob], (lines) => same(lines, result('にほ')))
    await ime.compose('にほn', 'にほん', '日本', '二本', '日本')
    await converged([alice, bob], (lines) => same(lines, result('日本')))
    expect(await ime.endings()).toEqual([])
    await ime.commit('日本')
    await alice.type('.')
    await converged([alice, bob], (lines) => same(lines, result('日本.')))
    expect(await ime.endings()).toEqual(['日本'])
  })

  test(`Korean goes on, syllable by syllable, while somebody ${what}`, async ({ alice, bob }) => {
    const ime = await begin(alice, bob)
    await ime.compose('ㅎ', '하')
    await converged([alice, bob], (lines) => lines[0] === 'before하after')
    await act(bob)
    await converged([alice, bob], (lines) => same(lines, result('하')))
    await ime.compose('한')
    await ime.commit('한')
    await ime.compose('ㄱ', '그', '글')
    await ime.commit('글')
    await converged([alice, bob], (lines) => same(lines, result('한글')))
    expect(await ime.endings()).toEqual(['한', '글'])
  })
}

test('what somebody types amid composed text stays when that is converted', async ({ alice, bob }) => {
  const ime = await begin(alice, bob)
  await ime.compose('にほ')
  await converged([alice, bob], (lines) => lines[0] === 'beforeにほafter')
  await bob.caretIn(0, 'start')
  await bob.press(...Array.from('beforeに', () => 'ArrowRight'))
  await bob.type('xy')
  await converged([alice, bob], (lines) => lines[0] === 'beforeにxyほafter')
  await ime.compose('にほん', '日本')
  await ime.commit('日本')
  await converged([alice, bob], ([line = '']) => /^before(xy日本|日本xy|日xy本)after$/.test(line))
  expect(await ime.endings()).toEqual(['日本'])
})

test('two people compose in one paragraph at once', async ({ alice, bob }) => {
  const hers = await begin(alice, bob)
  const his = await InputMethod.of(bob)
  await bob.caretIn(0, 'start')
  for (const [a, b] of [
    ['に', 'ㅎ'],
    ['にほ', '하'],
    ['にほん', '한'],
  ] as const) {
    await Promise.all([hers.compose(a), his.compose(b)])
    await converged([alice, bob], (lines) => lines[0] === `${b}before${a}after`)
  }
  await Promise.all([hers.commit('日本'), his.commit('한')])
  await converged([alice, bob], (lines) => lines[0] === '한before日本after')
  expect(await hers.endings()).toEqual(['日本'])
  expect(await his.endings()).toEqual(['한'])
})

async function begin(alice: Person, bob: Person): Promise<InputMethod> {
  await alice.text.click()
  await alice.type('beforeafter')
  await alice.press(...Array.from('after', () => 'ArrowLeft'))
  await converged([alice, bob], (lines) => lines[0] === 'beforeafter')
  return InputMethod.of(alice)
}

function same(lines: readonly string[], expected: readonly string[]): boolean {
  return JSON.stringify(lines) === JSON.stringify(expected)
}
