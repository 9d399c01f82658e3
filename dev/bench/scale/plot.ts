/** Draws how long a search takes, by the size of the inventory, as a PNG. */
import { Resvg } from '@resvg/resvg-js';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

export interface Cost {
  readonly items: number;
  readonly by: string;
  /** p50, p95 and p99, in milliseconds. */
  readonly percentiles: readonly number[];
}

const NAMES = ['p50', 'p95', 'p99'];

export async function plotScale(costs: readonly Cost[]): Promise<Buffer> {
  const values = costs.flatMap(({ items, by, percentiles }) =>
    percentiles.map((ms, i) => ({ items, by, ms, percentile: NAMES[i] })),
  );
  const { spec } = compile({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    data: { values },
    facet: { column: { field: 'by', type: 'nominal', title: null, sort: null } },
    spec: {
      width: 220,
      height: 200,
      mark: { type: 'line', point: { size: 30 } },
      encoding: {
        x: {
          field: 'items',
          type: 'quantitative',
          scale: { type: 'log' },
          axis: { values: [...new Set(costs.map(({ items }) => items))] },
        },
        y: { field: 'ms', type: 'quantitative', title: 'milliseconds' },
        color: { field: 'percentile', type: 'nominal', title: null },
      },
    },
    config: { font: 'DejaVu Sans, Arial, sans-serif', legend: { orient: 'bottom' } },
  } as unknown as Parameters<typeof compile>[0]);
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 1.5 } }).render().asPng();
}
