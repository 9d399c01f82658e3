/** The documents with agents' keys, each fetched once and kept for a while. */
import { LRUCache } from 'lru-cache';
import type { FetchOptions } from './fetch-json.ts';
import { fetchJson } from './fetch-json.ts';

/** Milliseconds for which a document counts; a key that was taken back is taken no longer than that. */
const KEPT_MS = 300_000;
/** Milliseconds for which a document that could not be had is not asked for again. */
const MISSED_MS = 30_000;
/** Documents that are kept; the one that was used longest ago makes room. */
const MAX_KEPT = 1_000;
/** Documents that may be on their way at once; the next one is refused. */
const MAX_UNDER_WAY = 32;

/** What a document says, or why it is not there. */
export type Found<T> = { readonly value: T } | { readonly missing: string };

interface Kind<T> {
  /** The media types that are asked for. */
  readonly accept: string;
  /** Returns where the document of this name is, undefined for a name that has none. */
  readonly urlOf: (name: string) => string | undefined;
  /** Returns what is kept of a document, or throws an Error that says what is wrong with it. */
  readonly read: (document: unknown, name: string) => T;
}

/** Keeps what was read of documents of one kind, by their names. */
export class Documents<T extends object> {
  readonly #kept: LRUCache<string, Found<T>>;
  #underWay = 0;

  constructor({ accept, urlOf, read }: Kind<T>, options: FetchOptions = {}) {
    const load = async (name: string): Promise<Found<T>> => {
      const url = urlOf(name);
      if (url === undefined) return { missing: 'no URL follows from its name' };
      this.#underWay++;
      try {
        return { value: read(await fetchJson(new URL(url), accept, options), name) };
      } catch (error) {
        return { missing: (error as Error).message };
      } finally {
        this.#underWay--;
      }
    };
    this.#kept = new LRUCache<string, Found<T>>({
      max: MAX_KEPT,
      ttl: KEPT_MS,
      // Reading the clock each time costs less than the timer that spares it.
      ttlResolution: 0,
      fetchMethod: async (name, _stale, context) => {
        const found = await load(name);
        if ('missing' in found) context.options.ttl = MISSED_MS;
        return found;
      },
    });
  }

  /** Finds a document that is kept, or fetches it; two that ask at once wait for one. */
  async find(name: string): Promise<Found<T>> {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    if (this.#underWay >= MAX_UNDER_WAY) return { missing: 'too many others are on their way' };
    return (await this.#kept.fetch(name)) ?? { missing: 'it was dropped' };
  }
}
