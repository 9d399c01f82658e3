/** The worst share against the deals that a margin loses, as a PNG. */
import { drawPlot } from './draw-plot.ts';
import type { TradeOff } from './trade-off.ts';

const COLOURS = {
  'worst strategy in one session': '#1f5fa8',
  'worst that walks away and returns': '#d9731a',
  'mean of the eight buyers': '#2a7f3f',
};

export function plotTradeOff(points: readonly TradeOff[]): Promise<Buffer> {
  const values = points.flatMap(({ margin, eight, worst, returning }) => {
    const at = { lost: 100 * (1 - eight.deals), margin: `${Math.round(100 * margin)} %` };
    return [
      { ...at, share: worst, what: 'worst strategy in one session' },
      { ...at, share: returning, what: 'worst that walks away and returns' },
      { ...at, share: eight.share, what: 'mean of the eight buyers' },
    ];
  });
  const x = {
    field: 'lost',
    type: 'quantitative',
    title: 'deals lost against the eight buyers, % of those possible',
  };
  const y = { field: 'share', type: 'quantitative', title: "the seller's share" };
  const scale = { domain: Object.keys(COLOURS), range: Object.values(COLOURS) };
  const color = { field: 'what', type: 'nominal', title: null, scale };
  return drawPlot({
    data: { values },
    width: 720,
    height: 320,
    layer: [
      {
        mark: { type: 'line', point: { size: 40 }, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, scale: { domain: [0, 1] } }, color },
      },
      {
        transform: [{ filter: "datum.what === 'mean of the eight buyers'" }],
        mark: { type: 'text', dy: -10, fontSize: 10, color: '#555' },
        encoding: { x, y, text: { field: 'margin' } },
      },
    ],
  });
}
