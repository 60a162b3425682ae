import type { Locator } from '@playwright/test'
import { dragOverCells, paste, pressControl } from '../merging/gestures.ts'
import type { Person } from '../support/person.ts'
import { expect, test } from '../support/test.ts'

function cells(person: Person): Locator {
  return person.text.locator('td, th')
}

/** Chooses an item of the toolbar's table menu, as a mouse does. */
async function choose(person: Person, action: string): Promise<void> {
  await person.page.getByRole('button', { name: 'Table', exact: true }).click()
  await person.control(action).click()
}

/** Both see cells with these texts, by rows. */
async function bothSee(people: readonly Person[], ...texts: readonly string[]): Promise<void> {
  for (const person of people) await expect(cells(person)).toHaveText([...texts])
}

/** Makes a table of two rows and columns, whose cells say where they are. */
async function makeSquare(person: Person): Promise<void> {
  await person.text.click()
  for (const action of ['insert-table', 'delete-column', 'delete-row']) await pressControl(person, action)
  for (const word of ['r1c1', 'r1c2', 'r2c1']) {
    await person.type(word)
    await person.press('Tab')
  }
  await person.type('r2c2')
}

const square = '<table><tr><td>r1c1</td><td>r1c2</td></tr><tr><td>r2c1</td><td>r2c2</td></tr></table>'

test('two people fill a new table, and a row is added, deleted and brought back', async ({ alice, bob }) => {
  await alice.text.click()
  await choose(alice, 'insert-table')
  await alice.type('a')
  await bothSee([alice, bob], 'a', '', '', '', '', '', '', '', '')
  await cells(bob).nth(4).click()
  await Promise.all([alice.type('lice'), bob.type('bob')])
  await alice.press('Tab')
  await alice.type('next')
  await bothSee([alice, bob], 'alice', 'next', '', '', 'bob', '', '', '', '')

  await choose(alice, 'add-row-after')
  await bothSee([alice, bob], 'alice', 'next', '', '', '', '', '', 'bob', '', '', '', '')
  await choose(alice, 'delete-row')
  await bothSee([alice, bob], '', '', '', '', 'bob', '', '', '', '')
  await alice.press('ControlOrMeta+z')
  await bothSee([alice, bob], 'alice', 'next', '', '', '', '', '', 'bob', '', '', '', '')
})

test('cells are selected with the mouse, merged, split and emptied', async ({ alice, bob }) => {
  await makeSquare(alice)
  await bothSee([alice, bob], 'r1c1', 'r1c2', 'r2c1', 'r2c2')
  await dragOverCells(alice, 'r1c2', 'r2c2')
  await expect(alice.text.locator('.selectedCell')).toHaveCount(2)
  await choose(alice, 'merge-cells')
  await bothSee([alice, bob], 'r1c1', 'r1c2r2c2', 'r2c1')
  await expect(cells(bob).nth(1)).toHaveAttribute('rowspan', '2')
  await choose(alice, 'split-cell')
  await bothSee([alice, bob], 'r1c1', 'r1c2', 'r2c1', 'r2c2')
  await dragOverCells(alice, 'r1c1', 'r1c2')
  await alice.press('Backspace')
  await bothSee([alice, bob], '', '', 'r2c1', 'r2c2')
})

test('cells are selected with the keyboard, up to the edges of the table', async ({ alice, bob }) => {
  await makeSquare(alice)
  await cells(alice).nth(0).click()
  await alice.press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await expect(alice.text.locator('.selectedCell')).toHaveCount(4)
  await alice.press('ControlOrMeta+b', 'Shift+ArrowLeft')
  await expect(alice.text.locator('.selectedCell')).toHaveCount(2)
  await alice.press('Delete')
  await bothSee([alice, bob], '', 'r1c2', '', 'r2c2')
  await expect(bob.text.locator('strong')).toHaveText(['r1c2', 'r2c2'])
})

test('what is typed in a row while somebody else moves it goes along', async ({ alice, bob }) => {
  await makeSquare(alice)
  await bothSee([alice, bob], 'r1c1', 'r1c2', 'r2c1', 'r2c2')
  await cells(alice).nth(0).click()
  await cells(bob).nth(1).click()
  await bob.press('End')
  bob.link.cut()
  await choose(alice, 'move-row-down')
  await bob.type(' typed')
  await bob.backOnline()
  await bothSee([alice, bob], 'r2c1', 'r2c2', 'r1c1', 'r1c2 typed')
})

test('Tab behind the last cell adds a row, and the arrows leave the table', async ({
  alice,
  bob,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'Firefox gives an event that a script has made no clipboard.')
  await alice.text.click()
  await paste(alice, square)
  await cells(alice).nth(3).click()
  await alice.press('Tab')
  await alice.type('new')
  await bothSee([alice, bob], 'r1c1', 'r1c2', 'r2c1', 'r2c2', 'new', '')
  await alice.press('ArrowUp')
  await alice.type('!')
  await alice.press('ArrowDown', 'ArrowDown')
  await alice.type('below')
  await expect(bob.text.locator('> p').last()).toHaveText('below')
  await expect(cells(bob).nth(2)).toContainText('!')
  await alice.press('ControlOrMeta+a')
  await alice.press('Backspace')
  await expect(bob.text.locator('table')).toHaveCount(0)
})

test('left and right go into a table from the text beside it, and to the ends of a document of one', async ({
  alice,
  bob,
}) => {
  await alice.text.click()
  await alice.type('before\nafter')
  await alice.caretIn(0)
  for (const action of ['insert-table', 'delete-column', 'delete-column', 'delete-row']) {
    await pressControl(alice, action)
  }
  await alice.caretIn(0)
  await alice.press('ArrowRight')
  await alice.type('first')
  await alice.press('ArrowRight')
  await alice.type('second')
  await alice.press('ArrowRight', 'ArrowLeft')
  await alice.type('!')
  await bothSee([alice, bob], 'first', 'second!')
  await alice.press('ArrowRight')
  await alice.type('not ')
  await expect(bob.block(2)).toHaveText('not after')

  await alice.caretIn(2)
  await alice.press('Alt+Shift+ArrowUp', 'ControlOrMeta+End')
  await expect(bob.block(1)).toHaveText('not after')
  await alice.type('?')
  await bothSee([alice, bob], 'first', 'second!?')
})

test('a table of many columns scrolls in itself on a narrow screen', async ({ alice }) => {
  await alice.page.setViewportSize({ width: 360, height: 700 })
  await makeSquare(alice)
  for (let count = 2; count < 12; count++) await pressControl(alice, 'add-column-after')
  await expect(cells(alice)).toHaveCount(24)
  const widths = await alice.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(widths[0]).toBe(widths[1])
  const isScrolled = await alice.text
    .locator('.codraft-table')
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  expect(isScrolled).toBe(true)
  await choose(alice, 'delete-column')
  await expect(cells(alice)).toHaveCount(22)
})
