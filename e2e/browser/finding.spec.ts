import type { Locator } from '@playwright/test'
import { select } from '../merging/gestures.ts'
import { expect, test } from '../support/test.ts'
import { converged, type Person } from '../support/person.ts'

function field(person: Person, name: string): Locator {
  return person.page.getByRole('textbox', { name, exact: true })
}

/** What the page says about how many matches there are. */
function count(person: Person): Locator {
  return person.page.getByRole('search').locator('[aria-live]')
}

test('finds what is written, from match to match, and goes back to the text', async ({ alice }) => {
  await alice.text.click()
  await alice.insert('one two one three One')
  await alice.press('Home', 'ControlOrMeta+f')
  await expect(field(alice, 'Find')).toBeFocused()
  await alice.type('one')
  await expect(count(alice)).toHaveText('1 of 3')
  await expect(alice.text.locator('.codraft-match')).toHaveCount(3)
  await alice.press('Enter')
  await expect(count(alice)).toHaveText('2 of 3')
  await alice.press('Shift+Enter', 'Shift+F3')
  await expect(count(alice)).toHaveText('3 of 3')
  await alice.page.getByRole('button', { name: 'Match case' }).click()
  await expect(count(alice)).toHaveText('1 of 2')
  await expect(field(alice, 'Find')).toBeFocused()
  await alice.press('F3', 'Escape')
  await expect(alice.text).toBeFocused()
  await expect(alice.text.locator('.codraft-match')).toHaveCount(0)
  await alice.type('four')
  await expect(alice.text).toHaveText('one two four three One')
})

test('covers no match on a narrow screen, not even in the first line', async ({ alice }) => {
  await alice.page.setViewportSize({ width: 360, height: 700 })
  await alice.text.click()
  await alice.insert('one')
  await alice.press('ControlOrMeta+h')
  await alice.type('one')
  await expect(count(alice)).toHaveText('1 of 1')
  const match = await alice.text.locator('.codraft-current-match').boundingBox()
  const panel = await alice.page.getByRole('search').boundingBox()
  expect(match?.y).toBeGreaterThan((panel?.y ?? 0) + (panel?.height ?? Infinity))
  await alice.press('Escape')
  await expect(alice.text).toBeFocused()
})

test('looks for what is selected, and counts on while others write', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.insert('word and word')
  await select(alice, ['word', 0], ['word', 4])
  await alice.press('ControlOrMeta+f')
  await expect(field(alice, 'Find')).toHaveValue('word')
  await expect(count(alice)).toHaveText('1 of 2')
  await converged([alice, bob], ([line]) => line === 'word and word')
  await bob.text.click()
  await bob.press('End')
  await bob.type(' word')
  await expect(count(alice)).toHaveText('1 of 3')
})

test('replaces all in one step, while somebody else writes', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.insert('a red car, a red bus')
  await converged([alice, bob], ([line]) => line === 'a red car, a red bus')
  await bob.text.click()
  await bob.press('End')
  await alice.press('ControlOrMeta+h')
  await field(alice, 'Find').fill('red')
  await field(alice, 'Replace with').fill('green')
  bob.link.pause()
  await bob.type(' stop')
  await alice.control('replace-all').click()
  await expect(count(alice)).toHaveText('2 replaced')
  bob.link.resume()
  await converged([alice, bob], ([line]) => line === 'a green car, a green bus stop')
  await alice.press('Escape', 'ControlOrMeta+z')
  await converged([alice, bob], ([line]) => line === 'a red car, a red bus stop')
})

test('says what is wrong with an expression, and is not kept by one that takes for ever', async ({
  alice,
}) => {
  await alice.text.click()
  await alice.insert(`${'a'.repeat(2000)}!`)
  await alice.press('ControlOrMeta+f')
  await alice.page.getByRole('button', { name: 'Regular expression' }).click()
  await field(alice, 'Find').fill('(a+')
  await expect(alice.page.getByRole('alert').filter({ hasText: 'no regular expression' })).toBeVisible()
  await field(alice, 'Find').fill('(a+)+b')
  await expect(count(alice)).toHaveText('No matches')
  await field(alice, 'Find').fill('(a+)+')
  await expect(count(alice)).toHaveText('1 of 1')
})
