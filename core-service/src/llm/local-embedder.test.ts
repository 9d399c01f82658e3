import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import inventory from '../../seed/inventory.json' with { type: 'json' };
import {
  embedLocally,
  FORMER_LOCAL_MODEL,
  LOCAL_EMBEDDERS,
  LOCAL_EMBEDDING_MODEL,
} from './local-embedder.ts';
import table from './local-embedder-weights.json' with { type: 'json' };

const documents = inventory.map(({ id, name, description, attributes }) => ({
  id,
  name,
  vector: embedLocally(`${name}. ${description} ${Object.values(attributes).flat().join(' ')}`),
}));

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

function similarity(a: string, b: string): number {
  return cosine(embedLocally(a), embedLocally(b));
}

function rank(query: string) {
  const vector = embedLocally(query);
  return documents
    .map((document) => ({ id: document.id, score: cosine(vector, document.vector) }))
    .sort((a, b) => b.score - a.score);
}

function expectUnitVector(vector: readonly number[]): void {
  expect(vector).toHaveLength(1024);
  expect(vector.every(Number.isFinite)).toBe(true);
  expect(cosine(vector, vector)).toBeCloseTo(1, 9);
}

describe('search over the seed inventory', () => {
  test('finds the cheap beach hostel in Bali by a clear margin', () => {
    const [first, second] = rank('cheap place near the beach in Bali');
    expect(first!.id).toBe('hostel_beta');
    expect(first!.score).toBeGreaterThan(0.4);
    expect(first!.score - second!.score).toBeGreaterThan(0.08);
  });

  test.each([
    ['affordable surf spot in Indonesia for backpackers', 'hostel_beta', 1],
    ['five-star hotel in Dubai with a butler', 'hotel_alpha', 1],
    ['romantic honeymoon villa in the jungle', 'villa_bali_ubud', 1],
    ['traditional japanese inn with tatami in Kyoto', 'ryokan_kyoto_gion', 1],
    ['hot springs with a view of Mount Fuji', 'onsen_hakone_cedar', 1],
    ['layover hotel near Frankfurt airport', 'airport_frankfurt_nap', 1],
    ['conference venue with meeting rooms in Zürich', 'hotel_zurich_bahnhof', 1],
    ['dog friendly hotel at the North Sea', 'hotel_sylt_strand', 1],
    ['holiday with toddlers in Thailand, kids club', 'beach_phuket_family', 1],
    ['see lions and elephants on safari', 'lodge_kruger_safari', 1],
    ['northern lights from my bed', 'lodge_iceland_aurora', 1],
    ['party hostel with pub crawl', 'hostel_budapest_ruin', 1],
    ['horseback riding holiday on a ranch', 'ranch_montana_horse', 1],
    ['budget dorm in Cape Town', 'hostel_capetown_longstreet', 1],
    ['sleeping in the treetops with husky sledding', 'treehotel_lapland', 1],
    ['snorkeling with kite surfing in Africa, all inclusive', 'resort_zanzibar_reef', 1],
    ['executive hotel Kuwait City with boardrooms', 'hotel_kuwait_marina', 1],
    ['serviced apartment with kitchen in Kuwait for a family', 'suites_kuwait_family', 1],
    ['bamboo hut on a quiet thai beach', 'bungalow_kohlanta', 1],
    ['surfing in Australia with my dog', 'surf_byron_pelican', 1],
    ['watch orangutans in the rainforest', 'ecolodge_borneo', 1],
    ['palace heritage hotel in Rajasthan', 'haveli_jaipur', 3],
  ])('%s → %s', expectWithin);

  test.each([
    ['günstige Unterkunft am Strand in Indonesien', 'hostel_beta', 1],
    ['Wellnesshotel mit Sauna im Schwarzwald', 'wellness_baden_therme', 1],
    ['Familienurlaub in den Alpen mit Kinderbetreuung', 'pension_tyrol_family', 1],
    ['auberge pas chère à Lisbonne', 'hostel_lisbon_alfama', 1],
    ['hôtel romantique à Venise avec vue sur le canal', 'hotel_venice_canal', 1],
    ['hotel en la playa para familias en Barcelona', 'hotel_barcelona_playa', 1],
    ['pousada perto da praia no Rio', 'pousada_rio_ipanema', 1],
    ['京都の旅館', 'ryokan_kyoto_gion', 3],
  ])('%s → %s, in another language', expectWithin);

  test.each([
    ['ryokn kyotto', 'ryokan_kyoto_gion', 3],
    ['luxery hotell dubay', 'hotel_alpha', 3],
    ['frankfrut airprot hotel', 'airport_frankfurt_nap', 1],
    ['thermel bath in baden badden', 'wellness_baden_therme', 1],
    ['safarri lodge krugger', 'lodge_kruger_safari', 1],
    ['capsul hotel in tokio', 'capsule_tokyo_shinjuku', 1],
  ])('%s → %s, misspelt', expectWithin);

  test.each([
    ['family holiday, but not in the mountains', 'pension_tyrol_family'],
    ['beach in Thailand without children', 'beach_phuket_family'],
  ])('%s ↛ %s', (query, id) => {
    expect(rank(query)[0]!.id).not.toBe(id);
  });

  test.each([
    ['safari somewhere in Africa', 'lodge_kruger_safari', 1],
    ['cheap dorm in Asia', 'hostel_bangkok_khaosan', 4],
    ['Hüttenurlaub in Skandinavien', 'fjord_norway_cabin', 3],
    ['woonboot in Nederland', 'houseboat_amsterdam', 2],
  ])('%s → %s, by the part of the world', expectWithin);

  test.each(documents)('$name is found by its name', ({ id, name }) => expectWithin(name, id, 3));

  function expectWithin(query: string, id: string, places: number): void {
    const best = rank(query).slice(0, places);
    expect(best.map((hit) => hit.id)).toContain(id);
  }
});

describe('the vector', () => {
  test.each([
    [LOCAL_EMBEDDING_MODEL, 'aura-local-3-e3fbe288', '0506515428f146c9'],
    [FORMER_LOCAL_MODEL, 'aura-local-2', '0211110c6833b719'],
  ])('of %s is the one stored under that name: else give it a new one', (model, name, expected) => {
    const embed = LOCAL_EMBEDDERS.get(model)!;
    const text = 'Grüße from 2 cheap beds near the beach, 京都の旅館 & Łódź ';
    const everyWeight = JSON.stringify([table.wordWeights, table.concepts, table.places]);
    const vectors = [text, everyWeight].flatMap((each) => embed(each));
    const rounded = vectors.map((x) => Math.round(x * 1e6)).join();
    const fingerprint = createHash('sha256').update(rounded).digest('hex').slice(0, 16);
    expect([model, fingerprint]).toEqual([name, expected]);
    expect([text, everyWeight].flatMap((each) => embed(each))).toEqual(vectors);
  });

  test('has 1024 finite dimensions and length 1, whatever the text', () => {
    const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }));
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      codeUnits.map((units) => String.fromCharCode(...units)),
    );
    fc.assert(fc.property(anyText, (text) => expectUnitVector(embedLocally(text))));
  });

  test.each(['', ' ', '!!!', '\0', '\ud800', 'the of in', '🏖️'])(
    'of %j is like no other',
    (text) => {
      const vector = embedLocally(text);
      expectUnitVector(vector);
      expect(documents.map((document) => cosine(vector, document.vector))).toEqual(
        documents.map(() => 0),
      );
    },
  );

  test('of a very long word or text is made in no time', () => {
    expectUnitVector(embedLocally('a'.repeat(200_000)));
    expectUnitVector(embedLocally('京'.repeat(200_000)));
  }, 5_000);

  test('ignores case and the form of Unicode, and nearly accents and plurals', () => {
    expect(embedLocally('CHÂTEAUX')).toEqual(embedLocally('cha\u0302teaux'));
    expect(similarity('Straßen', 'strassen')).toBeGreaterThan(0.6);
    expect(similarity('Beaches', 'beach')).toBeGreaterThan(0.6);
  });

  test.each([
    ['vacuum cleaner', 'пылесос', 'пальто'],
    ['Waschmaschine', 'lavadora', 'mochila'],
    ['umbrella', '傘', '帽子'],
  ])('of %s is nearer to %s than to %s, of other languages', (word, same, other) => {
    expect(similarity(word, same)).toBeGreaterThan(similarity(word, other) + 0.2);
  });

  test('gives each concept a dimension below the hashed ones', () => {
    expect(table.concepts.length).toBeLessThan(64);
    expect(similarity('inexpensive', 'affordable')).toBeGreaterThan(0.4);
  });

  test.each([
    ['ryokan', 'ryokn', 'garden'],
    ['breakfast', 'brekfast', 'mountain'],
    ['Marrakech', 'Marakesh', 'Zurich'],
    ['waterfall', 'watrefall', 'bicycle'],
  ])('of %s is nearer to %s than to %s', (word, typo, other) => {
    expect(similarity(word, typo)).toBeGreaterThan(similarity(word, other) + 0.04);
  });
});
