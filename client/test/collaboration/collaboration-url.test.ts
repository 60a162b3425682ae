import { expect, it } from 'vitest'
import { collaborationUrl } from '../../collaboration/collaboration-url.ts'

it.each([
  ['https://x.org', 'wss://x.org/collab'],
  ['https://x.org/codraft', 'wss://x.org/codraft/collab'],
  ['http://localhost:8080/', 'ws://localhost:8080/collab'],
  ['wss://x.org/a/b//?q#h', 'wss://x.org/a/b/collab'],
  ['ws://[::1]:1/', 'ws://[::1]:1/collab'],
])('the documents of %s are below %s', (serverUrl, url) => {
  expect(collaborationUrl(serverUrl)).toBe(url)
})

it('another scheme, or no address, is a TypeError', () => {
  expect(() => collaborationUrl('ftp://x.org')).toThrow(TypeError)
  expect(() => collaborationUrl('/codraft')).toThrow(TypeError)
})
