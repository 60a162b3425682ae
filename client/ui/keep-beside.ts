import {
  autoUpdate,
  computePosition,
  flip,
  offset,
  shift,
  size,
  type Placement,
  type ReferenceElement,
} from '@floating-ui/dom'

/** In CSS pixels, from the window's edges. */
const PADDING = 8
/** A list that scrolls is at least so high, in CSS pixels. */
const MIN_HEIGHT = 120

export interface KeepBesideOptions {
  readonly placement: Placement
  /** Between the two, in CSS pixels. */
  readonly distance: number
  /** Makes the box only as high as there is room for. Default: false. */
  readonly fits?: boolean
}

/**
 * Keeps a box whose position is `fixed` beside what it belongs to, and inside the window, whatever scrolls or grows.
 * Returns what ends that.
 */
export function keepBeside(
  anchor: ReferenceElement,
  box: HTMLElement,
  { placement, distance, fits = false }: KeepBesideOptions,
): () => void {
  const fit = size({
    padding: PADDING,
    apply: ({ availableHeight }) => {
      box.style.maxHeight = `${Math.max(MIN_HEIGHT, availableHeight)}px`
    },
  })
  const place = async (): Promise<void> => {
    const { x, y } = await computePosition(anchor, box, {
      strategy: 'fixed',
      placement,
      middleware: [
        offset(distance),
        flip({ padding: PADDING }),
        shift({ padding: PADDING }),
        ...(fits ? [fit] : []),
      ],
    })
    box.style.left = `${x}px`
    box.style.top = `${y}px`
  }
  return autoUpdate(anchor, box, () => void place())
}
