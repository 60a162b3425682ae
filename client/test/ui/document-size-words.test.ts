import { expect, it } from 'vitest'
import { documentSizeWords } from '../../ui/document-size-words.ts'

it('says how full a document is, rounded down, and never more than full', () => {
  expect(documentSizeWords({ bytes: 8_199, limit: 10_000 })).toMatch(/^This document is 81 % full\. /)
  expect(documentSizeWords({ bytes: 10_400, limit: 10_000 })).toMatch(/^This document is 100 % full\. /)
})
