import type { IncomingMessage } from 'node:http'
import { isIP, isIPv6 } from 'node:net'

/**
 * Where a request comes from: what the outermost of so many trusted proxies says in `X-Forwarded-For`, to which each adds
 * at the end whom it was called by. Whoever says nothing of use there is taken for where the socket comes from.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const own = plain(request.socket.remoteAddress ?? '')
  if (trustedProxies === 0) return own
  const header = request.headers['x-forwarded-for']
  const addresses = (typeof header === 'string' ? header : (header ?? []).join(',')).split(',')
  const said = plain((addresses.at(-trustedProxies) ?? '').trim())
  return isIP(said) === 0 ? own : said
}

/** What counts as one place: an IPv4 address, or the 64 bits of an IPv6 network, in which everyone has addresses without end. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address
  const [before = '', after] = address.split('%', 1).join('').split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  const groups =
    after === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** An IPv4 address that an IPv6 socket shows as `::ffff:192.0.2.1`, as itself. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
