/**
 * Makes up offers of lodging, and the wishes of buyers, for the search bench. One grammar writes both
 * (catalogue-words.json): a slot in braces stands for one of the slot's options.
 */
import { currencyDigits } from '../../../core-service/src/money.ts';
import words from './catalogue-words.json' with { type: 'json' };

export interface CatalogueItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** In major units, with the decimals of the currency; so is the floor. */
  readonly price: string;
  readonly floor: string;
  readonly currency: string;
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
}

type Named<T> = Readonly<Record<string, T>>;
type Slots = Named<readonly string[]>;
type Lines = Named<string | readonly string[]>;

/** A source of numbers in [0, 1). */
type Random = () => number;

interface TypeWords {
  readonly price: number;
  readonly stars: number;
  readonly tier: string;
  readonly kinds: string;
  readonly only?: string;
  readonly slots: Lines;
}

interface CountryWords {
  readonly currency: string;
  readonly level: number;
  readonly flavour: string;
  readonly places: Named<string>;
}

/** An option's chance is as 1 / (its place, from 0, + this number); a larger one makes chances more even. */
const FLATNESS = 4;
const LIST = new Intl.ListFormat('en-GB');
const RATES: Named<number> = words.rates;
const WISHES = parse(words.wishes);
const TYPES = readTypes(words.types, words.tiers);
const PLACES = readPlaces(words.countries, words.flavours, words.kinds);

/** Yields offers of lodging all over the world, the same ones for the same seed. */
export function* generateItems(count: number, seed = 1): Generator<CatalogueItem> {
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const { place, type, amenities, slots } = drawStay(random);
    const stars = drawStars(type.stars, random);
    const usual = type.price * place.level * 1.2 ** ((stars ?? type.stars) - type.stars);
    yield {
      id: `item_${String(i).padStart(6, '0')}`,
      name: write('{name}', slots, random),
      description: ofLength(25, 60, () => describe(slots, random)),
      ...drawAmounts(usual, place.currency, random),
      attributes: {
        city: place.city,
        country: place.country,
        type: type.name,
        ...(stars !== undefined && { stars }),
        amenities,
      },
    };
  }
}

/** @returns wishes that offers like those of generateItems could meet, the same ones for the same seed */
export function generateQueries(count: number, seed = 1): string[] {
  const random = createRandom(~seed);
  const draft = (): string => write('{query}', drawStay(random).slots, random);
  return Array.from({ length: count }, () => {
    const query = ofLength(3, 12, draft);
    return random() < 0.3 ? query.toLowerCase() : query;
  });
}

/** A type of lodging in a place that it fits, and all that may be said of both. */
function drawStay(random: Random) {
  const place = pick(PLACES, random);
  const type = draw(place.types, random);
  const amenities = drawAmenities([...type.pool, ...place.pool], random);
  const [first = '', second = ''] = amenities;
  const slots: Slots = {
    ...place.slots,
    ...type.slots,
    first: [first],
    second: [second],
    amenities: [LIST.format(amenities)],
    wish: [...(WISHES[first] ?? []), first],
    wanted: [...(WISHES[second] ?? []), second],
  };
  return { place, type, amenities, slots };
}

function drawAmenities(pool: readonly string[], random: Random): readonly string[] {
  const wanted = 2 + Math.floor(5 * random());
  const amenities = new Set<string>();
  while (amenities.size < wanted) amenities.add(draw(pool, random));
  return [...amenities];
}

function drawStars(usual: number, random: Random): number | undefined {
  if (usual === 0 || random() < 0.15) return undefined;
  return Math.min(Math.max(usual - 1 + Math.floor(3 * random()), 1), 5);
}

function drawAmounts(dollars: number, currency: string, random: Random) {
  const about = dollars * (RATES[currency] ?? 1) * (0.7 + 0.6 * random());
  const price = Number(about.toPrecision(3));
  // The share is not quite 60 to 90 %, which rounding could overstep.
  const floor = (price * (61 + Math.floor(29 * random()))) / 100;
  const digits = currencyDigits(currency);
  return { price: price.toFixed(digits), floor: floor.toFixed(digits), currency };
}

function describe(slots: Slots, random: Random): string {
  const parts = ['{opening}', '{middle}', '{closing}'].slice(0, random() < 0.6 ? 3 : 2);
  const sentences = parts.map((part) => write(part, slots, random));
  return sentences.map((text) => text.charAt(0).toUpperCase() + text.slice(1)).join(' ');
}

function write(template: string, slots: Slots, random: Random): string {
  const text = expand(template, slots, random);
  return text.replace(/\b([Aa])(?= (?!eu|one|uni)[aeiou])/g, '$1n');
}

/** Puts options for the slots of a template, and for those of the options. */
function expand(template: string, slots: Slots, random: Random): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) =>
    expand(draw(slots[slot] ?? [], random), slots, random),
  );
}

/** Draws an option; the earlier ones are the likelier, as Zipf's and Mandelbrot's law has it for words. */
function draw<T>(options: readonly T[], random: Random): T {
  const index = FLATNESS * (1 + options.length / FLATNESS) ** random() - FLATNESS;
  return options[Math.floor(index)] as T;
}

/** Draws an option, each equally likely. */
function pick<T>(options: readonly T[], random: Random): T {
  return options[Math.floor(options.length * random())] as T;
}

/** Mulberry32: the hashes of the soak's random numbers would take most of the time here. */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function ofLength(min: number, max: number, draft: () => string): string {
  for (;;) {
    const text = draft();
    const length = text.split(' ').length;
    if (length >= min && length <= max) return text;
  }
}

/** @returns each city with what is said of its tier, and what goes before that */
function readTypes(types: Named<TypeWords>, tiers: Named<Lines>) {
  return Object.entries(types).map(([name, type]) => {
    const { pool = [], ...slots } = parse({ ...tiers[type.tier], ...type.slots, type: name });
    return { ...type, name, pool, slots };
  });
}

/** Lists a city once for each kind of place that it is. */
function readPlaces(countries: Named<CountryWords>, flavours: Named<Lines>, kinds: Named<Lines>) {
  return Object.entries(countries).flatMap(([country, about]) =>
    Object.entries(about.places).flatMap(([kind, cities]) => {
      const said = { ...words.common, ...flavours[about.flavour], ...kinds[kind], country };
      const { pool = [], ...slots } = parse(said);
      const types = TYPES.filter(
        (type) => list(type.kinds).includes(kind) && list(type.only ?? country).includes(country),
      );
      return list(cities).map((city) => {
        return { ...about, country, city, types, pool, slots: { ...slots, city: [city] } };
      });
    }),
  );
}

function parse(slots: Lines): Slots {
  const entries = Object.entries(slots);
  return Object.fromEntries(
    entries.map(([slot, lines]) => [slot, [lines].flat().flatMap((line) => line.split(' | '))]),
  );
}

function list(names: string): string[] {
  return names.split(', ');
}
