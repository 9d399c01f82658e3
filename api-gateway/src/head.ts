import type { FastifyRequest } from 'fastify';

/**
 * Refuses a request whose headers announce what the routes cannot read.
 * @throws an error with the HTTP status and a code
 */
export function checkHead({ headers, raw }: FastifyRequest): void {
  // Node itself would answer this with an empty 400.
  if (headers.host === undefined && raw.httpVersion === '1.1') {
    throw refusal(400, 'HOST_MISSING', 'HTTP/1.1 requires a Host header.');
  }
  const encoding = headers['content-encoding']?.toLowerCase();
  if (encoding !== undefined && encoding !== 'identity') {
    const detail = `The content encoding ${encoding} is not supported; send the body uncompressed.`;
    throw refusal(415, 'UNSUPPORTED_ENCODING', detail);
  }
  const charset = /;\s*charset="?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    const detail = `The charset ${charset} is not supported; send JSON in UTF-8.`;
    throw refusal(415, 'UNSUPPORTED_CHARSET', detail);
  }
}

function refusal(statusCode: number, code: string, detail: string): Error {
  return Object.assign(new Error(detail), { statusCode, code });
}
