export {
  importDocument,
  IMPORT_SOURCES,
  usualFragment,
  type ImportedDocument,
  type ImportSource,
} from './import-document.ts'
export { ImportProblem } from './import-problem.ts'
export type { Loss } from './losses.ts'
