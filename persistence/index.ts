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
export { Maintenance, type DocumentSurvey, type FolderSizes, type RepairReport } from './maintenance.ts'
export { MemoryDocumentLog } from './memory-document-log.ts'
export type { Folding } from './repair-document.ts'
export { PersistenceError } from './persistence-error.ts'
