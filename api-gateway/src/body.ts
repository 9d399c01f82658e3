/** A request's body is JSON in UTF-8, or nothing. */
import { isAscii, isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';
import { findWrongParts } from './body-parts.ts';
import { jsonMistake } from './json-mistake.ts';
import { refusal, WrongFields } from './refusal.ts';

/** The media types of JSON, such as application/json, text/json and application/vnd.api+json. */
const JSON_TYPE = /^(application\/([\w.-]+\+)?json|text\/json)$/;
const CHARSET = /;\s*charset\s*=\s*("[^"]*"|'[^']*'|[^\s;]*)/gi;
/** Most characters of a header that an error repeats; the rest is cut off. */
const MAX_QUOTED_LENGTH = 80;

/** Makes the app read bodies of JSON and refuse any other. */
export function readBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const length = Number(headers['content-length'] ?? 0);
    // Many clients send the type of a body that they do not send.
    if (!(length > 0) && headers['transfer-encoding'] === undefined) {
      delete headers['content-type'];
      delete headers['content-encoding'];
    }
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    // Whatever is sent to a path that is not there, the answer is that it is not there.
    if (bytes.length === 0 || request.is404) return done(null, undefined);
    request.bodyBytes = bytes;
    const text = textOf(request, bytes);
    if (text.trim() === '') return done(null, undefined);
    return parse(request, text, (error, body) => {
      const problem = whatIsWrong(text, error);
      return problem ? done(problem) : done(null, body);
    });
  });
}

/** @throws an error with the HTTP status when the bytes are no JSON, by what the headers say */
function textOf({ headers }: FastifyRequest, bytes: Buffer): string {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  if (type !== 'application/json' || encoding !== undefined) checkHeaders(type, encoding, bytes);
  const isWide = /^(?:fffe|feff)/.test(bytes.toString('hex', 0, 2)) || bytes.includes(0);
  if (isUtf8(bytes) && !isWide) return bytes.toString('utf8');
  const seen = isWide ? 'has NUL bytes or a mark, as text in UTF-16 has' : 'is not in UTF-8';
  const detail = `The body ${seen}; send application/json in UTF-8.`;
  throw refusal(400, 'INVALID_BODY_TEXT', detail);
}

/** @throws an error with the HTTP status when the headers tell of something else than JSON in UTF-8 */
function checkHeaders(given = '', encoded = 'identity', bytes: Buffer): void {
  const type = given.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!JSON_TYPE.test(type)) throw unsupportedType(type);
  const encoding = encoded.toLowerCase();
  if (encoding !== 'identity') {
    const detail = `The content encoding ${cut(encoding)} is not supported; send application/json uncompressed.`;
    throw refusal(415, 'UNSUPPORTED_ENCODING', detail);
  }
  for (const [, quoted = ''] of given.matchAll(CHARSET)) {
    const charset = quoted.replace(/^(["'])(.*)\1$/, '$2').toLowerCase();
    if (/^(us-)?ascii$/.test(charset)) {
      if (isAscii(bytes)) continue;
      const detail = `The body is not in ${charset}; send application/json in UTF-8.`;
      throw refusal(400, 'INVALID_BODY_TEXT', detail);
    }
    // An empty charset says nothing, and JSON is UTF-8.
    if (/^(utf[-_]?8)?$/.test(charset)) continue;
    const detail = `The charset ${cut(charset)} is not supported; send application/json in UTF-8.`;
    throw refusal(415, 'UNSUPPORTED_CHARSET', detail);
  }
}

/** @param type as the caller wrote it; empty where it sent none */
function unsupportedType(type: string): Error {
  const detail =
    type === ''
      ? 'The body has no content type; send it as application/json.'
      : `The content type ${cut(type)} is not supported; send the body as application/json.`;
  return refusal(415, 'INVALID_MEDIA_TYPE', detail);
}

/** Says where the text stops being JSON, or which keys of it are wrong. */
function whatIsWrong(text: string, error: Error | null): Error | null {
  try {
    if (error) JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (reason) {
    const [where = 'it ends too early'] =
      /line \d+ column \d+|unexpected token '.+?'/i.exec(String(reason)) ?? [];
    const mistake = jsonMistake(text.replace(/^\ufeff/, ''));
    const why = mistake === undefined ? '' : `: ${mistake}`;
    return refusal(400, 'INVALID_JSON_BODY', `The body is not valid JSON (${where})${why}.`);
  }
  const errors = findWrongParts(text);
  return errors.length > 0 ? new WrongFields(errors) : error;
}

function cut(text: string): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}
