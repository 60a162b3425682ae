import { MemoryDocumentLog } from '../memory-document-log.ts'
import { documentLogSuite } from './document-log-suite.ts'

documentLogSuite('memory', {
  durable: false,
  place: async () => ({ open: async (options) => new MemoryDocumentLog(options) }),
})
