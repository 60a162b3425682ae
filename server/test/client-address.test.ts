import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { clientAddress, placeOf } from '../sync/client-address.ts'

/** A request as it reaches the server: from whom, and what it says of whom it was passed on for. */
function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage
}

describe('where a request comes from', () => {
  test.each([
    ['no proxy is trusted: the socket', 0, '203.0.113.9', '10.0.0.1'],
    ['one proxy: what it added', 1, '198.51.100.7, 203.0.113.9', '203.0.113.9'],
    ['two proxies: what the outer one added', 2, '198.51.100.7, 203.0.113.9', '198.51.100.7'],
    ['fewer proxies than are trusted: the socket', 3, '198.51.100.7, 203.0.113.9', '10.0.0.1'],
    ['a proxy that says nothing: the socket', 1, undefined, '10.0.0.1'],
    ['no address: the socket', 1, 'unknown', '10.0.0.1'],
    ['an IPv4 address in IPv6 dress', 1, '::ffff:203.0.113.9', '203.0.113.9'],
    ['an IPv6 address', 1, '2001:db8::9', '2001:db8::9'],
  ])('%s', (_what, trusted, forwardedFor, address) => {
    expect(clientAddress(request('::ffff:10.0.0.1', forwardedFor), trusted)).toBe(address)
  })
})

describe('what counts as one place', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, place) => {
    expect(placeOf(address)).toBe(place)
  })
})
