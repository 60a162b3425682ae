import type { Mark, Node } from 'prosemirror-model'
import { readCodeLanguage } from '../schema/code-language.ts'
import { isElement, isText, type DomElement, type DomNode } from '../schema/dom.ts'
import { BLOCKS, isLeftOut } from './html-elements.ts'
import { marksInside } from './html-marks.ts'
import { imageOfElement } from './image-in-html.ts'
import { inlineStyle } from './inline-style.ts'
import { ParagraphText } from './paragraph-text.ts'
import { schema } from '../schema/schema.ts'

/** The block that a `pre` stands for: code, or a formula that this editor wrote. Its lines may be elements. */
export function codeFromHtml(pre: DomElement, marks: readonly Mark[]): Node {
  const code = onlyCode(pre)
  const reader = new CodeReader()
  reader.readChildren(code ?? pre, marks)
  const content = reader.finish()
  if (pre.getAttribute('data-math') !== null) return schema.node('math_block', null, content)
  return schema.node('code_block', { language: languageOf(code) ?? languageOf(pre) }, content)
}

class CodeReader {
  readonly #text = new ParagraphText()
  #isAtLineStart = true
  /** Whether an element that is a line has ended, and what follows it is not on that line. */
  #lineHasEnded = false

  readChildren(parent: DomNode, marks: readonly Mark[]): void {
    for (const child of parent.childNodes) {
      if (isText(child)) this.#add(child.nodeValue ?? '', marks)
      else if (isElement(child)) this.#readElement(child, marks)
    }
  }

  finish(): readonly Node[] {
    return this.#text.finish()
  }

  #readElement(element: DomElement, outer: readonly Mark[]): void {
    const style = inlineStyle(element)
    if (isLeftOut(element, style)) return
    const marks = marksInside(element, style, outer)
    const isLine = BLOCKS.has(element.nodeName)
    if (isLine) this.#endLine()
    if (element.nodeName === 'BR') this.#addBreak(marks)
    const image = element.nodeName === 'IMG' ? imageOfElement(element, style) : null
    if (image !== null) this.#addObject(schema.node('inline_image', image, undefined, marks))
    this.readChildren(element, marks)
    if (isLine) this.#endLine()
  }

  #add(text: string, marks: readonly Mark[]): void {
    if (text === '') return
    // A line break of the source between two elements that are lines is theirs.
    if (/^\r?\n/.test(text)) this.#lineHasEnded = false
    this.#beginLine(marks)
    this.#text.add(text, marks, 'preserve')
    this.#isAtLineStart = text.endsWith('\n')
  }

  #addBreak(marks: readonly Mark[]): void {
    this.#beginLine(marks)
    this.#text.add('\n', marks, 'preserve')
    this.#isAtLineStart = true
  }

  #addObject(object: Node): void {
    this.#beginLine(object.marks)
    this.#text.addObject(object)
    this.#isAtLineStart = false
  }

  #beginLine(marks: readonly Mark[]): void {
    if (this.#lineHasEnded) this.#text.add('\n', marks, 'preserve')
    this.#lineHasEnded = false
  }

  #endLine(): void {
    this.#lineHasEnded ||= !this.#isAtLineStart
  }
}

/** The `code` that is all there is in a `pre`. */
function onlyCode(pre: DomElement): DomElement | null {
  let code: DomElement | null = null
  for (const child of pre.childNodes) {
    if (isText(child) && /^\s*$/.test(child.nodeValue ?? '')) continue
    if (code !== null || !isElement(child) || child.nodeName !== 'CODE') return null
    code = child
  }
  return code
}

function languageOf(element: DomElement | null): string | null {
  const [, named] = /(?:^|\s)lang(?:uage)?-(\S+)/.exec(element?.getAttribute('class') ?? '') ?? []
  return readCodeLanguage(named ?? element?.getAttribute('data-language') ?? element?.getAttribute('lang'))
}
