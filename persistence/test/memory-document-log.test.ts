import { MemoryDocumentLog } from '../memory-document-log.ts'
import { documentLogSuite } from './document-log-suite.ts'
import { historyLogSuite } from './history-suite.ts'
import type { LogPlace } from './random-steps.ts'

const place = async (): Promise<LogPlace> => ({ open: async (options) => new MemoryDocumentLog(options) })

documentLogSuite('memory', { durable: false, place })
historyLogSuite('memory', place)
