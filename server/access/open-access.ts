import type { AccessPolicy } from './access-policy.ts'

/** Every name exists and everyone edits: for development and trusted networks. Each session is a guest of its own. */
export const openAccess: AccessPolicy = {
  admit: (sessionId) => ({ userId: `guest-${sessionId}`, role: 'editor' }),
}
