/** A typical haggle of each kind of buyer, as a PNG. */
import { DEFAULT_TERMS } from '../../../core-service/src/terms.ts';
import { BUYERS } from '../../../core-service/src/negotiation/simulate/buyers.ts';
import type { Buyer } from '../../../core-service/src/negotiation/simulate/play.ts';
import { play } from '../../../core-service/src/negotiation/simulate/play.ts';
import { policySeller } from '../../../core-service/src/negotiation/simulate/seller.ts';
import type { Case } from './cases.ts';
import { drawPlot } from './draw-plot.ts';

/** List price 100.00, floor 60.00; worth 85.00 to the buyer. */
const TYPICAL: Case = {
  itemId: 'typical',
  agentDid: 'did:example:typical',
  terms: { ...DEFAULT_TERMS, baseMinor: 10_000, floorMinor: 6_000 },
  value: 8_500,
};
const JITTER = 0.5;
const COLUMNS = 4;
const COLOURS = { 'our ask': '#1f5fa8', 'the bid': '#d9731a', deal: '#2a7f3f' };

interface Point {
  readonly buyer: string;
  readonly round: number;
  readonly price: number;
  readonly what: keyof typeof COLOURS;
}

export function plotHaggles(): Promise<Buffer> {
  const points = BUYERS.flatMap(pointsOf);
  const order = BUYERS.map(({ name }) => name);
  const x = { field: 'round', type: 'quantitative', title: 'round', scale: { domain: [0, 11] } };
  const y = { field: 'price', type: 'quantitative', title: 'price', scale: { domain: [35, 105] } };
  const scale = { domain: Object.keys(COLOURS), range: Object.values(COLOURS) };
  const color = { field: 'what', type: 'nominal', title: null, scale };
  const level = (price: number, words: string): object[] => [
    {
      data: { values: [{ round: 0.1, price }] },
      mark: { type: 'rule', strokeDash: [4, 3], color: '#999' },
      encoding: { y },
    },
    {
      data: { values: [{ round: 0.1, price }] },
      mark: { type: 'text', align: 'left', dy: -5, fontSize: 9, color: '#777', text: words },
      encoding: { x, y },
    },
  ];
  const only = (test: string): object[] => [{ filter: test }];
  return drawPlot({
    data: { values: points },
    facet: { field: 'buyer', type: 'nominal', title: null, sort: order },
    columns: COLUMNS,
    spec: {
      width: 230,
      height: 170,
      layer: [
        ...level(TYPICAL.terms.floorMinor / 100, 'floor (hidden)'),
        ...level(TYPICAL.value / 100, "the buyer's value"),
        {
          transform: only("datum.what !== 'deal'"),
          mark: { type: 'line', point: { size: 18 }, strokeWidth: 1.5 },
          encoding: { x, y, color },
        },
        {
          transform: only("datum.what === 'deal'"),
          mark: { type: 'point', shape: 'diamond', filled: true, size: 130 },
          encoding: { x, y, color },
        },
      ],
    },
  });
}

function pointsOf(buyer: Buyer): Point[] {
  const { asks, bids, price } = play(policySeller(TYPICAL.terms, JITTER), buyer, TYPICAL);
  const line = (what: Point['what'], prices: readonly number[], first: number): Point[] =>
    prices.map((each, i) => ({ buyer: buyer.name, round: first + i, price: each / 100, what }));
  const deal = price === undefined ? [] : line('deal', [price], bids.length);
  return [...line('our ask', asks, 0), ...line('the bid', bids, 1), ...deal];
}
