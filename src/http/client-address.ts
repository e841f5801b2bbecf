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

const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * By what a caller is counted: an IPv4 address as it is, of an IPv6 address its /64 (`2001:db8:0:1::/64`), all of which one customer
 * has.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = ''] = address.split('%');
  const [head = '', tail] = bare.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end stands for two groups.
  const written = left.length + right.length + (bare.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? [] : Array<string>(IPV6_GROUPS - written).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Where a request came from. */
export interface Origin {
  readonly address: string;
  /** Whether a proxy that we do not know says that it came from further away. */
  readonly isHearsay: boolean;
}

/** Names of the one before a proxy in other ways than the one that we read. */
const OTHER_HEADERS = ['forwarded', 'x-real-ip'];

/**
 * Tells the address that a request came from. `X-Forwarded-For` is believed from right to left, only as far as each hop is
 * a proxy of ours: loopback and `trustedProxies`. `onUnknownProxy` is called once, when a proxy in a private network is none of them.
 */
export function createOriginReader(
  trustedProxies: readonly string[],
  onUnknownProxy: () => void,
): (request: IncomingMessage) => Origin {
  const trusted = networks([...LOOPBACK, ...trustedProxies]);
  let told = false;
  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? '0.0.0.0');
    const forwarded = headers['x-forwarded-for'];
    const hops =
      forwarded === undefined
        ? []
        : String(forwarded)
            .split(',')
            .map((hop) => plain(hop.trim()));
    while (inside(trusted, address)) {
      const hop = hops.at(-1);
      if (hop === undefined || isIP(hop) === 0) break;
      address = hop;
      hops.pop();
    }
    const isHearsay = hops.length > 0 || (forwarded === undefined && OTHER_HEADERS.some((name) => name in headers));
    if (isHearsay && !told && isPrivateAddress(address)) {
      told = true;
      onUnknownProxy();
    }
    return { address, isHearsay };
  };
}
