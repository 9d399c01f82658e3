/**
 * Returns the host that a URL has for an address to listen on: an IPv6 address in brackets, and for
 * every address of the machine the one that leads back to it.
 */
export function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!bare.includes(':')) return bare;
  // A zone, as in fe80::1%eth0, is percent-encoded in a URL.
  return /^[0:]+$/.test(bare) ? '[::1]' : `[${bare.replace('%', '%25')}]`;
}

/** Returns a URL as a shell takes it: brackets would be a pattern of file names. */
export function shellUrl(url: string): string {
  return /[^\w.:/-]/.test(url) ? `'${url}'` : url;
}
