export type {
  Compaction,
  DocumentLog,
  LogEntry,
  LogSnapshot,
  LogUpdate,
  StoredDocument,
} from './document-log.ts'
export { openLevelDocumentLog, type LevelDocumentLogOptions } from './level-document-log.ts'
export { MemoryDocumentLog } from './memory-document-log.ts'
export { PersistenceError, type PersistenceErrorCode } from './persistence-error.ts'
