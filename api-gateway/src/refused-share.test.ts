import { expect, test } from 'vitest';
import { nextShare } from './refused-share.ts';

const LOOK_S = 0.02;
const ALLOWED_S = 0.025;

/**
 * Plays a queue that so many times as much arrives at as leaves it, looked at each 20 ms.
 *
 * @returns the delay at each look, in seconds, and the share that was refused last
 */
function play(load: number, seconds: number, { share = 0, delay = 0 } = {}) {
  const delays: number[] = [];
  let lastDelay = delay;
  for (let at = 0; at < seconds; at += LOOK_S) {
    const now = Math.max(lastDelay + (load * (1 - share) - 1) * LOOK_S, 0);
    share = nextShare({ share, delay: now, lastDelay, allowed: ALLOWED_S, elapsed: LOOK_S });
    delays.push(now);
    lastDelay = now;
  }
  return { delays, share, delay: lastDelay };
}

test.each([0, 0.5, 0.99])('refuses nothing at %f of what can be done', (load) => {
  expect(play(load, 10).share).toBe(0);
});

test.each([1.2, 2, 5, 20])('at %f times as much refuses the rest, and keeps the delay', (load) => {
  const { delays, share } = play(load, 20);
  expect(share).toBeCloseTo(1 - 1 / load, 1);
  const settled = delays.slice(delays.length / 2);
  expect(Math.max(...settled)).toBeLessThan(2 * ALLOWED_S);
  // The queue never runs empty either: nothing is refused that could have been done.
  expect(Math.min(...settled)).toBeGreaterThan(0);
});

test('refuses nothing any more a second after the load is gone', () => {
  const { share, delay } = play(5, 20);
  expect(play(0.5, 1, { share, delay }).share).toBeLessThan(0.01);
});

test('is a share, whatever comes', () => {
  for (const delay of [0, 1, 60, 3_600]) {
    for (const lastDelay of [0, 1, 60, 3_600]) {
      const share = nextShare({ share: 0.5, delay, lastDelay, allowed: 0.025, elapsed: 1 });
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1);
    }
  }
});
