import { converged, Person } from '../support/person.ts'
import { expect, test } from '../support/test.ts'

test('a server killed just after Saved has lost nothing', async ({
  alice,
  server,
  browser,
  documentName,
}) => {
  await alice.text.click()
  for (let round = 0; round < 3; round++) {
    await alice.type(`round ${round}. `)
    await expect(alice.saveState).not.toHaveAttribute('data-save-state', 'saving')
    await alice.saved()
    await server.signal('SIGKILL')
    // Alice must not mend it from her copy.
    alice.link.cut()
    await server.start()
    const context = await browser.newContext()
    const carol = await Person.arrive('Carol', context, server)
    await carol.open(documentName)
    await expect(carol.text).toContainText(`round ${round}. `)
    await context.close()
    carol.link.close()
    await alice.backOnline()
    await alice.saved()
  }
})

test('a frozen server is never reported to have saved', async ({ alice, server }) => {
  await alice.text.click()
  await alice.type('before ')
  await alice.saved()
  await server.signal('SIGSTOP')
  await alice.page.evaluate(() => {
    const chip = document.querySelector('codraft-save-state')?.shadowRoot ?? document
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => {
      seen.push(chip.querySelector('[data-save-state]')?.getAttribute('data-save-state') ?? '')
    }).observe(chip, { subtree: true, attributes: true, childList: true, characterData: true })
  })
  await alice.type('frozen')
  await expect(alice.saveState).toHaveAttribute('data-save-state', 'unsaved')
  await expect(alice.saveState).toHaveText(/^Not saved: \d+ changes$/)
  await alice.type('!')
  const seen = await alice.page.evaluate(() => Reflect.get(window, 'seen') as string[])
  // What stood there before the first key may still be reported once.
  expect(seen.slice(seen.findIndex((state) => state !== 'saved'))).not.toContain('saved')
  await server.signal('SIGCONT')
  await alice.saved()
})

test('leaving the page warns exactly when something would be lost', async ({ alice }) => {
  const dialogs: string[] = []
  alice.page.on('dialog', (dialog) => {
    dialogs.push(dialog.type())
    void dialog.accept()
  })
  await alice.text.click()
  await alice.type('kept')
  await alice.saved()
  await alice.page.reload()
  await expect(alice.text).toHaveAttribute('data-synced')
  expect(dialogs).toEqual([])

  alice.link.cut()
  await alice.text.click()
  await alice.type(' lost')
  await expect(alice.saveState).toHaveAttribute('data-save-state', 'unsaved')
  await alice.page.goto('about:blank')
  await expect.poll(() => dialogs).toEqual(['beforeunload'])
})

test('the page says in words how it stands', async ({ alice, bob, server }) => {
  await expect(alice.saveState).toHaveText('Saved')
  await server.signal('SIGTERM')
  await expect(alice.saveState).toHaveText('Reconnecting…')
  await alice.text.click()
  await alice.type('x')
  await expect(alice.saveState).toHaveText('Not saved: 1 change')
  await expect(bob.saveState).toHaveText('Reconnecting…')
  await server.start()
  await expect(alice.saveState).toHaveText('Saved')
  await converged([alice, bob], (lines) => lines[0] === 'x')
})
