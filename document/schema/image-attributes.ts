import { safeImageSrc } from './safe-image-src.ts'

/** The sides that an image's block can stand on. */
const IMAGE_ALIGNMENTS = ['left', 'center', 'right'] as const
type ImageAlignment = (typeof IMAGE_ALIGNMENTS)[number]

/** In CSS pixels; larger ones are taken for a mistake. */
const MAX_LENGTH = 10_000

/** What an image shows, and how. */
export interface ImageAttributes {
  /** An http or https address; null for an image that cannot be shown. */
  readonly src: string | null
  /** What is read in its place; empty if nobody has said. */
  readonly alt: string
  /** In CSS pixels, whole numbers; null for the image's own. */
  readonly width: number | null
  readonly height: number | null
  /** Of a block only. Null for the side on which lines begin. */
  readonly align: ImageAlignment | null
}

/** An image's attributes as this version understands them, whatever a shared document holds there. Never throws. */
export function readImageAttributes(attrs: Readonly<Record<string, unknown>>): ImageAttributes {
  const { src, alt, width, height, align } = attrs
  return {
    src: safeImageSrc(src),
    alt: typeof alt === 'string' ? alt : '',
    width: imageLength(width),
    height: imageLength(height),
    align: IMAGE_ALIGNMENTS.find((known) => known === align) ?? null,
  }
}

/** A width or height that an image can have, in CSS pixels; null for what is none. */
export function imageLength(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= 1 && value <= MAX_LENGTH)) return null
  return Math.round(value)
}
