import { Resvg } from '@resvg/resvg-js';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

/** Draws a Vega-Lite chart as a PNG. */
export async function drawPlot(chart: object): Promise<Buffer> {
  const { spec } = compile({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    config: { font: 'DejaVu Sans, Arial, sans-serif', legend: { orient: 'bottom', labelLimit: 0 } },
    ...chart,
  } as unknown as Parameters<typeof compile>[0]);
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 1.5 } }).render().asPng();
}
