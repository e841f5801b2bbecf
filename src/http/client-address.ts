import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'];

/** Reads networks written as `10.0.0.0/8` or as single addresses. Throws for text that is neither. */
function networks(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that arrives on an IPv6 socket is written the IPv4 way. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

const inside = (list: BlockList, address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

const insideNetworks = networks([...LOOPBACK, ...PRIVATE]);

/** Whether an address is one of this machine or of a private network. */
export function isPrivateAddress(address: string): boolean {
  return isIP(address) !== 0 && inside(insideNetworks, address);
}

/**
 * Tells the address that a request came from. `X-Forwarded-For` is believed from right to left, only as far as each hop is
 * a proxy of ours: loopback and `trustedProxies`.
 */
export function createAddressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = networks([...LOOPBACK, ...trustedProxies]);
  return (request) => {
    let address = plain(request.socket.remoteAddress ?? '0.0.0.0');
    const forwarded = request.headers['x-forwarded-for'];
    if (forwarded === undefined) return address;
    const hops = String(forwarded)
      .split(',')
      .map((hop) => plain(hop.trim()));
    while (inside(trusted, address)) {
      const hop = hops.pop();
      if (hop === undefined || isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}
