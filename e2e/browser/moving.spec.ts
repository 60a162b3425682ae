import { select } from '../merging/gestures.ts'
import { converged, type Person } from '../support/person.ts'
import { expect, test } from '../support/test.ts'

/** Each block's tag or list, and its HTML. */
async function blocks(person: Person): Promise<string[]> {
  return person.text
    .locator('> *')
    .evaluateAll((all) =>
      all.map(
        (block) =>
          `${block.getAttribute('data-list') ?? block.getAttribute('data-style') ?? ''}: ${block.textContent ?? ''}`,
      ),
    )
}

/** Drags what is selected, from the middle of a block to the end of another one. */
async function drag(person: Person, from: string, to: string): Promise<void> {
  const { mouse } = person.page
  const [start, end] = await person.text.evaluate(
    (text, words) => {
      const rects = words.map((word) => {
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const index = node.textContent?.indexOf(word) ?? -1
          if (index < 0) continue
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + word.length)
          const { left, right, top, bottom } = range.getBoundingClientRect()
          return { left, right, y: (top + bottom) / 2 }
        }
        throw new Error(`There is no ${word}`)
      })
      return rects
    },
    [from, to],
  )
  if (!start || !end) return
  await mouse.move((start.left + start.right) / 2, start.y)
  await mouse.down()
  await mouse.move(end.right - 20, end.y, { steps: 4 })
  await mouse.move(end.right, end.y, { steps: 4 })
  await mouse.up()
}

/** Writes a heading, a list item and two paragraphs, by keys. */
async function write(person: Person): Promise<void> {
  await person.text.click()
  await person.insert('first')
  await person.press('ControlOrMeta+Alt+1', 'Enter')
  await person.insert('second')
  await person.press('ControlOrMeta+Shift+8', 'Enter', 'Backspace')
  await person.insert('third ')
  await person.press('ControlOrMeta+b')
  await person.insert('bold')
  await person.press('ControlOrMeta+b')
  await person.insert(' words')
  await person.press('Enter')
  await person.insert('fourth')
}

test('a paragraph moves by its keys, and who types in it meanwhile goes along', async ({ alice, bob }) => {
  await write(alice)
  await converged([alice, bob], (lines) => lines.length === 4)
  await select(alice, ['third', 5])
  await select(bob, ['third', 2])
  bob.link.pause()
  await bob.type('!')
  await alice.press('Alt+Shift+ArrowUp', 'Alt+Shift+ArrowUp')
  await expect.poll(() => alice.lines()).toEqual(['third bold words', 'first', 'second', 'fourth'])
  bob.link.resume()
  await converged([alice, bob], ([line]) => line === 'th!ird bold words')
  expect(await blocks(alice)).toEqual([
    'normal: th!ird bold words',
    'heading1: first',
    'bullet: second',
    'normal: fourth',
  ])
  await alice.press('ControlOrMeta+z', 'ControlOrMeta+z')
  await converged([alice, bob], (lines) => lines.join() === 'first,second,th!ird bold words,fourth')
})

test('paragraphs are dragged to the end of another one, in one step', async ({ alice, bob, browserName }) => {
  test.skip(browserName !== 'chromium', 'Firefox starts no dragging for a test.')
  await write(alice)
  await select(alice, ['first', 0], ['second', 6])
  await drag(alice, 'second', 'fourth')
  await converged([alice, bob], (lines) => lines.join() === 'third bold words,fourth,first,second')
  expect(await blocks(bob)).toEqual([
    'normal: third bold words',
    'normal: fourth',
    'heading1: first',
    'bullet: second',
  ])
  await expect
    .poll(() => alice.page.evaluate(() => getSelection()?.toString().split('\n').filter(Boolean)))
    .toEqual(['first', 'second'])
  await alice.press('ControlOrMeta+z')
  await converged([alice, bob], (lines) => lines.join() === 'first,second,third bold words,fourth')
})

test('a word is dragged with its marks', async ({ alice, browserName }) => {
  test.skip(browserName !== 'chromium', 'Firefox starts no dragging for a test.')
  await write(alice)
  await select(alice, ['bold', 0], ['bold', 4])
  await drag(alice, 'bold', 'fourth')
  await expect(alice.text.locator('p').last()).toHaveText('fourthbold')
  await expect(alice.text.locator('p').last().locator('strong')).toHaveText('bold')
  await expect(alice.text.locator('strong')).toHaveCount(1)
})

test('what is cut comes back as it was, wherever it is pasted', async ({ alice, bob }) => {
  await write(alice)
  await select(alice, ['first', 0], ['second', 6])
  await alice.press('ControlOrMeta+x')
  await expect.poll(() => alice.lines()).toEqual(['', 'third bold words', 'fourth'])
  await select(alice, ['fourth', 6])
  await alice.press('Enter', 'ControlOrMeta+v')
  await expect
    .poll(() => blocks(alice))
    .toEqual([
      'heading1: ',
      'normal: third bold words',
      'normal: fourth',
      'heading1: first',
      'bullet: second',
    ])
  await select(alice, ['first', 2], ['second', 3])
  await alice.press('ControlOrMeta+x')
  await alice.caretIn(0, 'start')
  await alice.press('ControlOrMeta+v')
  await converged([alice, bob], (lines) => lines.join() === 'rst,sec,third bold words,fourth,fiond')
  expect(await blocks(bob)).toEqual([
    'heading1: rst',
    'bullet: sec',
    'normal: third bold words',
    'normal: fourth',
    'heading1: fiond',
  ])
})
