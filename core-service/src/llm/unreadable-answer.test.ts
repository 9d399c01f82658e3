import { expect, test } from 'vitest';
import { parseAnswer, UnreadableAnswerError } from './unreadable-answer.ts';

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['<!DOCTYPE html><title>Sign in</title>', 'it is an HTML page'],
  ['<HTML><body>secret</body></HTML>', 'it is an HTML page'],
  ['<?xml version="1.0"?><error/>', 'it is markup'],
  ['Service secret', 'it is other text'],
  ['{"data":[{"embedding":[0.1,NaN]}]}', 'it has NaN or Infinity in it'],
  ['{"data":[{"embedding":[-Infinity', 'it has NaN or Infinity in it'],
  ['{"data":[{"embedding":[0.1,', 'it is cut off'],
  ['{"data":[],}', 'its syntax is wrong'],
])('%j is named without its words', (body, words) => {
  expect(() => parseAnswer(body)).toThrow(
    new UnreadableAnswerError(`the answer is no JSON: ${words}`),
  );
});

test('JSON is parsed', () => {
  expect(parseAnswer(' {"data":[1]} ')).toEqual({ data: [1] });
});
