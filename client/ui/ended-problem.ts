import { closeCodes } from '../../protocol/index.ts'
import type { EditorProblem } from './editor.ts'

/** What to tell a writer when the connection has ended for good with this close code, and so many changes are not saved. */
export function endedProblem(code: number, unsaved: number): EditorProblem {
  const { message, advice, reload } = explain(code)
  const copyFirst =
    unsaved === 0
      ? ''
      : `${unsaved === 1 ? '1 change is' : `${unsaved} changes are`} not saved: copy what you need first. `
  return {
    kind: code === closeCodes.clientTooOld ? 'outdated' : 'ended',
    message,
    advice: copyFirst + advice,
    reload,
  }
}

/** What to tell a writer whose editor does not know something that is in the document. A reload brings the same again. */
export function incompatibleProblem(): EditorProblem {
  return {
    kind: 'incompatible',
    message: 'This document holds something that this editor does not know.',
    advice: 'A newer version of it may. It can only be read here, and nothing of it was changed.',
    reload: false,
  }
}

const outdated = {
  message: 'This page is out of date.',
  advice: 'The document uses something newer. Reload to go on.',
  reload: true,
} as const

function explain(code: number): Pick<EditorProblem, 'message' | 'advice' | 'reload'> {
  switch (code) {
    case closeCodes.clientTooOld:
      return outdated
    case closeCodes.noSuchDocument:
      return {
        message: 'There is no such document.',
        advice: 'Check its name in the address.',
        reload: false,
      }
    case closeCodes.replaced:
      return {
        message: 'Another window has taken over this connection.',
        advice: 'Go on there, or reload to write here.',
        reload: true,
      }
    case closeCodes.tooLarge:
      return {
        message: 'The last change is larger than this server takes.',
        advice: 'Reload, then bring it in smaller pieces.',
        reload: true,
      }
    case closeCodes.documentTooLarge:
      return {
        message: 'This document is full.',
        advice: 'Go on in another one, or reload and delete what is not needed.',
        reload: true,
      }
    default:
      return {
        message: 'The server ended the connection.',
        advice: 'Reload to go on writing.',
        reload: true,
      }
  }
}
