import { expect, test } from 'vitest';
import { mergeMetrics } from './worker-metrics.ts';

const one = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="aura-gateway"} 1
# HELP requests_total Requests, such as {this}
# TYPE requests_total counter
requests_total{route="/a",said="a } b"} 3 1795365496000
requests_total 1
`;

test('each series says whose it is, and each metric is described once, before its series', () => {
  const other = '# TYPE requests_total counter\nrequests_total 5\n# TYPE own gauge\nown NaN\n';
  const merged = mergeMetrics(
    new Map([
      [1, one],
      [3, other],
    ]),
  );
  expect(merged.split('\n')).toEqual([
    '# HELP target_info Target metadata',
    '# TYPE target_info gauge',
    'target_info{worker="1",service_name="aura-gateway"} 1',
    '# HELP requests_total Requests, such as {this}',
    '# TYPE requests_total counter',
    'requests_total{worker="1",route="/a",said="a } b"} 3 1795365496000',
    'requests_total{worker="1"} 1',
    'requests_total{worker="3"} 5',
    '# TYPE own gauge',
    'own{worker="3"} NaN',
    '',
  ]);
});

test('a worker that said nothing is left out', () => {
  expect(mergeMetrics(new Map([[1, '']]))).toBe('\n');
});
