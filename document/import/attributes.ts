import { readCodeLanguage } from '../schema/code-language.ts'
import { imageLength } from '../schema/image-attributes.ts'
import { ALIGNMENTS, type Alignment } from '../schema/paragraph-attributes.ts'
import { safeHref } from '../schema/safe-href.ts'
import { safeImageSrc } from '../schema/safe-image-src.ts'
import type { ForeignNode } from './foreign-tree.ts'

type Attributes = ForeignNode['attrs']

/** The attributes that `fileOf` reads. */
export const FILE_ATTRIBUTES = ['src', 'url', 'alt', 'name', 'caption', 'width', 'height', 'previewWidth']

/** What the attributes of an image, or of another file, say, under the names that the editors have for it. */
export function fileOf(attrs: Attributes): {
  /** Where it can be loaded from as an image; null if it cannot. */
  readonly src: string | null
  /** Where a link to it may lead. */
  readonly href: string | null
  readonly alt: string | null
  readonly caption: string
  readonly width: number | null
  readonly height: number | null
} {
  const address = attrs['src'] ?? attrs['url']
  return {
    src: safeImageSrc(address),
    href: safeHref(address),
    alt: wordsOf(attrs['alt']) ?? wordsOf(attrs['name']),
    caption: wordsOf(attrs['caption']) ?? '',
    width: imageLength(attrs['width'] ?? attrs['previewWidth']),
    height: imageLength(attrs['height']),
  }
}

/** The level of a heading, 1 to 6. */
export function levelOf({ level }: Attributes): 1 | 2 | 3 | 4 | 5 | 6 {
  return ([1, 2, 3, 4, 5, 6] as const).find((known) => known === Number(level)) ?? (Number(level) > 6 ? 6 : 1)
}

/** Left is what all have that nobody has aligned, and so where the script begins. */
export function alignOf(value: unknown): Alignment | null {
  const align = ALIGNMENTS.find((known) => known === value) ?? null
  return align === 'left' ? null : align
}

/** The language of a code block; `text` is what editors call none. */
export function languageOf(attrs: Attributes): string | null {
  const language = readCodeLanguage(attrs['language'] ?? attrs['params'])
  return language === 'text' ? null : language
}

/** Null for what is no text, or an empty one. */
export function wordsOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
