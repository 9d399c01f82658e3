/** How Postgres runs the statements of core, as `auto_explain` tells it to whoever sent them. */
import pg from 'pg';

/** One run of a statement. */
export interface Run {
  /** The name under which core prepares it. */
  readonly name: string;
  readonly ms: number;
  /** Pages of 8 kB that it looked at. */
  readonly pages: number;
  /** The tables that it read from end to end, or nearly. */
  readonly scanned: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

/** Has all connections that are made from now on tell their plans. @param client is a superuser's */
export async function explainAll(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    client_min_messages: 'log',
    // The client alone is told.
    log_min_messages: 'panic',
  };
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`alter database ${rows[0]?.name} set ${name} = '${value}'`);
  }
}

export async function explainNoMore(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(`alter database ${rows[0]?.name} reset all`);
}

/**
 * Notes the runs of prepared statements on all connections of this process.
 *
 * @returns takes those of work out of what is noted
 */
export function noteRuns(): (work: () => Promise<unknown>) => Promise<readonly Run[]> {
  let runs: Run[] = [];
  /** Names by the text; Postgres tells the plan when the next statement comes, where a transaction goes on. */
  const names = new Map<string, string>();
  const heard = new WeakSet<pg.Client>();
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function note(this: pg.Client, ...args: unknown[]): unknown {
    const { name, text = '' } = args[0] as { readonly name?: string; readonly text?: string };
    // Before it stand the process and the connection.
    if (name !== undefined) names.set(text, name.split('_').slice(2).join('_'));
    if (!heard.has(this)) {
      heard.add(this);
      this.on('notice', ({ message = '' }) => {
        const run = readRun(names, message);
        if (run) runs.push(run);
      });
    }
    return query.apply(this, args);
  };
  return async (work) => {
    runs = [];
    await work();
    return runs;
  };
}

/** @returns undefined for a statement without a name, and for what is no plan */
function readRun(names: ReadonlyMap<string, string>, message: string): Run | undefined {
  const [, ms, json] = /^duration: ([\d.]+) ms +plan:\s*(\{[\s\S]*)$/.exec(message) ?? [];
  if (json === undefined) return undefined;
  const { Plan: plan, 'Query Text': text } = JSON.parse(json) as Explained;
  const name = names.get(text);
  if (name === undefined) return undefined;
  const pages = (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  return { name, ms: Number(ms), pages, scanned: [...new Set(scannedBy(plan))] };
}

function scannedBy(node: PlanNode): string[] {
  const relation = node['Relation Name'];
  const own = node['Node Type'] === 'Seq Scan' && relation !== undefined ? [relation] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scannedBy)];
}
