/** The environment says where requests may come from, and by which names the gateway is known. */
import { isIPv4, isIPv6 } from 'node:net';
import { makeValidator } from 'envalid';
import type { CorsOrigins } from './cors.ts';

export const origins = makeValidator<CorsOrigins>((text) => {
  const list = text.split(',').map((each) => each.trim());
  if (list.length === 1 && list[0] === '*') return '*';
  return list.map((each) => {
    const origin = URL.canParse(each) ? new URL(each) : undefined;
    const isWeb = /^https?:\/\/[^*]+$/.test(origin?.origin ?? '');
    // A path, a query or a password is no part of an origin, and a browser would never send it.
    if (!origin || !isWeb || origin.href !== `${origin.origin}/`) {
      throw new Error(
        `must be * or origins such as https://shop.example,http://localhost:3000, not "${each}"`,
      );
    }
    return origin.origin;
  });
});

/** Names as a Host header has them, without ports; an IPv6 address is in brackets. */
export const hostNames = makeValidator<readonly string[] | '*'>((text) => {
  const list = text.split(',').map((each) => each.trim());
  if (list.length === 1 && list[0] === '*') return '*';
  return list.map((each) => {
    const url = URL.canParse(`http://${each}`) ? new URL(`http://${each}`) : undefined;
    if (url?.host === url?.hostname && url?.href === `http://${url?.host}/`) return url.hostname;
    throw new Error(`must be * or host names such as shop.example,10.0.0.5, not "${each}"`);
  });
});

export const publicUrl = makeValidator<string>((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new Error(`must be an origin such as https://shop.example, not "${text}"`);
});

/** Addresses, or ranges of them, and never all: anybody could then say where it comes from. */
export const proxies = makeValidator<readonly string[]>((text) =>
  text.split(',').map((each) => {
    const range = each.trim();
    const [address = '', prefix, ...rest] = range.split('/');
    const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
    const isRange = /^[1-9]\d{0,2}$/.test(prefix ?? '') && Number(prefix) <= bits;
    if (bits > 0 && rest.length === 0 && (prefix === undefined || isRange)) return range;
    throw new Error(`must be addresses such as 10.0.0.5,10.1.0.0/16,fd00::/8, not "${each}"`);
  }),
);
