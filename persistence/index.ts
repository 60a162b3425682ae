export type { BatchReport } from './batch-writer.ts'
export type {
  Compaction,
  DocumentLog,
  LogEntry,
  LogSnapshot,
  LogUpdate,
  StoredDocument,
} from './document-log.ts'
export type { HistoryBase, HistoryLog, HistorySegment } from './history.ts'
export { openLevelDocumentLog } from './level-document-log.ts'
export { MemoryDocumentLog } from './memory-document-log.ts'
export { PersistenceError } from './persistence-error.ts'
