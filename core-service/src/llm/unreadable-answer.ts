/** Answers of a vendor's API that came with success, but not whole, or are no JSON. */
import { rootCause } from '../errors.ts';

/** The message is in our own words: what came may quote what was asked. */
export class UnreadableAnswerError extends Error {
  override name = 'UnreadableAnswerError';
}

/** An answer that began and did not come to its end. */
export class BrokenAnswerError extends Error {
  override name = 'BrokenAnswerError';

  constructor(cause: unknown) {
    const { code } = rootCause(cause) as { readonly code?: string };
    super(`the answer broke off${code === undefined ? '' : ` (${code})`}`, { cause });
  }
}

/** @throws UnreadableAnswerError that says what came instead of JSON */
export function parseAnswer(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableAnswerError(`the answer is no JSON: ${kindOf(body.trim())}`);
  }
}

function kindOf(text: string): string {
  if (text === '') return 'it is empty';
  if (text.startsWith('<'))
    return /^<(!doctype html|html)/i.test(text) ? 'it is an HTML page' : 'it is markup';
  if (!/^[[{]/.test(text)) return 'it is other text';
  // JSON has no such numbers, though some programs write them.
  if (/[[:,]\s*-?(NaN|Infinity)\b/.test(text)) return 'it has NaN or Infinity in it';
  return /[\]}]$/.test(text) ? 'its syntax is wrong' : 'it is cut off';
}
