import type { Person } from '../support/person.ts'
import { paste } from './gestures.ts'
import { putSelection } from './put-selection.ts'
import type { Random } from './random.ts'

/** Something that somebody does at a page, in words. */
export interface RandomAct {
  readonly words: string
  /** Whether it may change what text there is. All others leave that alone. */
  readonly mayTouchText: boolean
  /** Whether it may write text anew that was there: what takes something back, and what moves blocks. */
  readonly mayWriteAnew: boolean
  act(person: Person): Promise<void>
}

const keys = {
  Enter: true,
  'Shift+Enter': true,
  Backspace: true,
  'ControlOrMeta+Backspace': true,
  Delete: true,
  'ControlOrMeta+x': true,
  Tab: false,
  'Shift+Tab': false,
  'ControlOrMeta+b': false,
  'ControlOrMeta+i': false,
  'ControlOrMeta+e': false,
  'ControlOrMeta+Alt+1': false,
  'ControlOrMeta+Shift+8': false,
  'ControlOrMeta+Shift+9': false,
  'ControlOrMeta+]': false,
  'ControlOrMeta+Shift+e': false,
  'ControlOrMeta+Enter': true,
  'Alt+Shift+ArrowUp': true,
  'Alt+Shift+ArrowDown': true,
  'ControlOrMeta+z': true,
  'ControlOrMeta+y': true,
} as const

/** Where the caret goes, with Shift what is selected. */
const ways = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'ControlOrMeta+a', 'Escape']

/** Controls that open something to be filled in, or leave the page. */
const asking = /^(link|insert-image|find.*|replace.*|people|menu.*)$/
/** Controls of formatting alone. */
const formatting =
  /^(style-.*|heading-\d|quote|bold|italic|underline|strike|code|.*-list|toggle-task|indent|outdent|align-.*|clear-formatting|toggle-header-row|add-.*)$/

/** Keys and controls that write text anew. */
const writingAnew = /Arrow|\+[zy]$|^undo|^redo|^move-|^merge-|^split-|^delete-/

/** Draws what somebody does next; tokens are characters that are typed once. */
export async function randomAct(person: Person, random: Random, newToken: () => string): Promise<RandomAct> {
  const kind = random.below(20)
  if (kind < 7) {
    const start = random.pick(['', '', '', '# ', '- ', '1. ', '> ', '[ ] ', '```'])
    const text = `${start}${newToken()}${random.pick(['', newToken(), ` ${newToken()}`, ' '])}`
    return { words: `type ${text}`, mayTouchText: true, mayWriteAnew: false, act: (who) => who.type(text) }
  }
  if (kind < 14) {
    const key = random.pick(Object.keys(keys) as (keyof typeof keys)[])
    return {
      words: `press ${key}`,
      mayTouchText: keys[key],
      mayWriteAnew: writingAnew.test(key),
      act: (who) => who.press(key),
    }
  }
  if (kind < 18) {
    const offered = await offeredControls(person)
    const name = random.pick(offered)
    return {
      words: `control ${name}`,
      mayTouchText: !formatting.test(name),
      mayWriteAnew: writingAnew.test(name),
      act: (who) =>
        who
          .control(name)
          .first()
          .evaluate((element: HTMLElement) => element.click()),
    }
  }
  const html = random.pick([
    `<p>${newToken()}</p><h2>${newToken()}</h2>`,
    `<ul><li>${newToken()}</li><li><b>${newToken()}</b></li></ul>`,
    `<table><tr><td>${newToken()}</td><td>${newToken()}</td></tr><tr><td>${newToken()}</td><td></td></tr></table>`,
    `<p>${newToken()}</p><hr><pre><code>${newToken()}\n${newToken()}</code></pre>`,
  ])
  return { words: `paste ${html}`, mayTouchText: true, mayWriteAnew: false, act: (who) => paste(who, html) }
}

/** Puts the caret somewhere, and mostly leaves it there; else something is selected from there. */
export async function selectSomewhere(person: Person, random: Random): Promise<void> {
  await putSelection(person, { share: random.share() })
  if (random.chance(0.7)) return
  for (let i = random.below(4); i >= 0; i--) {
    const way = random.pick(ways)
    await person.press(random.chance(0.6) && way.startsWith('Arrow') ? `Shift+${way}` : way)
  }
}

async function offeredControls(person: Person): Promise<string[]> {
  const names = await person.page
    .locator('[data-action]')
    .evaluateAll((controls) => controls.map((control) => control.getAttribute('data-action') ?? ''))
  return [...new Set(names)].filter((name) => !asking.test(name)).toSorted()
}
