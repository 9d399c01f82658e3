/** People who search all the while, each time for something that nobody has asked for. */
interface Answer {
  readonly results: readonly { readonly score: number }[];
}

/** Searches at a time. */
const SEARCHERS = 6;

export function createSearchers(gatewayUrl: string) {
  const statuses = new Map<string, number>();
  let told = new Map<string, number>();
  let asked = 0;
  /** An answer by words alone has a score of 0 for each item. */
  let byWordsAlone = 0;
  const over = new AbortController();

  async function search(): Promise<void> {
    const body = JSON.stringify({ query: `a quiet room with ${asked++} windows` });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gatewayUrl}/v1/search`, { method: 'POST', headers, body });
    const status = String(response.status);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const answer = (await response.json()) as Partial<Answer>;
    if (response.status !== 200) return;
    if (!answer.results?.some(({ score }) => score > 0)) byWordsAlone++;
  }
  async function go(): Promise<void> {
    while (!over.signal.aborted) {
      await search().catch((error: unknown) => {
        const { name } = error as Error;
        statuses.set(name, (statuses.get(name) ?? 0) + 1);
      });
    }
  }
  const all = Array.from({ length: SEARCHERS }, go);
  return {
    /** @returns how often which status came since the last time */
    since(): (readonly [string, number])[] {
      const counts = [...statuses].map(([name, n]) => [name, n - (told.get(name) ?? 0)] as const);
      told = new Map(statuses);
      return counts;
    },
    /** @returns what must be 0 */
    async stop(): Promise<Record<string, number>> {
      over.abort();
      await Promise.all(all);
      const failed = [...statuses].filter(([name]) => name !== '200' && name !== '409');
      console.log(`${asked} searches`);
      return {
        'searches that were a 409': statuses.get('409') ?? 0,
        'searches that failed otherwise': failed.reduce((sum, [, n]) => sum + n, 0),
        'searches by words alone': byWordsAlone,
      };
    },
  };
}
