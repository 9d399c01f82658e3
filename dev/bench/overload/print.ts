/** The lines of the table. */
import type { Summary } from './arrivals.ts';
import type { Memory } from './memory.ts';

export function printHeadings(): void {
  row('', 'admitted', 'p50 ms', 'p99 ms', 'refused', 'p50 ms', 'p99 ms', 'load late ms');
}

/** Times count from the moment at which a request was due. */
export function printSummary(name: string, summary: Summary): void {
  const { admitted, refused, failed, refusals, retryAfter, lateP99 } = summary;
  row(
    name,
    String(admitted.count),
    ms(admitted.p50),
    ms(admitted.p99),
    String(refused.count),
    ms(refused.p50),
    ms(refused.p99),
    ms(lateP99),
  );
  for (const [what, counts] of Object.entries({ refusals, retryAfter, failed })) {
    const text = Object.entries(counts).map(([value, count]) => `${value} (${count})`);
    if (text.length > 0) console.log(`  ${what}: ${text.join(', ')}`);
  }
}

/** A span of the surge, and the memory of gateway and core at the last look in it. */
export function printSpan(
  second: number,
  { admitted, refused }: Summary,
  memory: readonly Memory[],
): void {
  const { gatewayMb = 0, coreMb = 0 } =
    memory.findLast(({ atMs }) => atMs <= (second + 5) * 1_000) ?? {};
  row(
    `  second ${second}`,
    String(admitted.count),
    ms(admitted.p50),
    ms(admitted.p99),
    String(refused.count),
    ms(refused.p50),
    ms(refused.p99),
    `${gatewayMb.toFixed(0)} + ${coreMb.toFixed(0)} MB`,
  );
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(18) + cells.map((cell) => cell.padStart(14)).join(''));
}

function ms(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}
