import { isIPv4, isIPv6 } from 'node:net'

/**
 * Who an anonymous request is counted for: the address of the client, or for IPv6 the network of 64
 * bits, of which a client has all addresses to itself.
 *
 * Each proxy appends the address of who it speaks for to `X-Forwarded-For`, so with n proxies in front
 * the n-th from the end is the client's; what stands before it anybody may have written.
 *
 * @param address of the socket; null where there is none
 * @param forwarded the value of `X-Forwarded-For`
 */
export function clientAddress(
  address: string | null,
  forwarded: string | null,
  trustedProxies: number,
): string {
  const hops = trustedProxies > 0 && forwarded !== null ? forwarded.split(',') : []
  // Fewer than there are proxies: the request did not come through all of them.
  const told = hops.length > 0 ? hops[Math.max(0, hops.length - trustedProxies)]?.trim() : undefined
  return networkOf(told ?? '') ?? networkOf(address ?? '') ?? 'unknown'
}

function networkOf(text: string): string | null {
  const address = text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(address)) return address
  const withoutPort = address.replace(/^([\d.]+):\d+$/, '$1')
  if (isIPv4(withoutPort)) return withoutPort
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) return null
  // A URL prints the shortest form, the same for every spelling.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array(Math.max(0, 8 - left.length - right.length)).fill('0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
