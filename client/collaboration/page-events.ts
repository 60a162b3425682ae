/** What happens to a page that bears on its connection. */
export interface PageEvents {
  /** The network is there again. */
  readonly online: () => void
  /** The network is gone. */
  readonly offline: () => void
  /** The page is seen again. */
  readonly visible: () => void
}

/** Listens until the function that is returned is called. Where there is no page, nothing ever happens. */
export function watchPage({ online, offline, visible }: PageEvents): () => void {
  if (typeof window === 'undefined') return () => {}
  const changed = (): void => {
    if (document.visibilityState === 'visible') visible()
  }
  window.addEventListener('online', online)
  window.addEventListener('offline', offline)
  document.addEventListener('visibilitychange', changed)
  return () => {
    window.removeEventListener('online', online)
    window.removeEventListener('offline', offline)
    document.removeEventListener('visibilitychange', changed)
  }
}
