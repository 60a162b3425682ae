import type { DocumentSize } from '../collaboration/document-size.ts'

/** What to tell the writers of a document that comes near the largest that the server takes. */
export function documentSizeWords({ bytes, limit }: DocumentSize): string {
  const percent = Math.min(100, Math.floor((bytes / limit) * 100))
  return `This document is ${percent} % full. It is time to go on in another one, or to delete what is not needed.`
}
