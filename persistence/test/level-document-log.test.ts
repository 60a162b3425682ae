import { openLevelDocumentLog } from '../level-document-log.ts'
import { documentLogSuite } from './document-log-suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

documentLogSuite('LevelDB', {
  durable: true,
  place: async () => {
    const folder = await temporaryFolder()
    return { open: (options) => openLevelDocumentLog(folder, options) }
  },
})
