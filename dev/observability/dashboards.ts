/** The dashboards of deploy/, as far as the tests look at them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../deploy/grafana/dashboards');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
  }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string }[];
  };
  readonly panels: readonly Panel[];
}

export const DASHBOARDS: readonly (readonly [file: string, dashboard: Dashboard])[] = globSync(
  '*.json',
  { cwd: FOLDER },
)
  .toSorted()
  .map((file) => [file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Dashboard]);

/** Each query of each panel, with where it stands, and the labels that its legend shows. */
export const QUERIES: readonly (readonly [
  where: string,
  expression: string,
  labels: readonly string[],
])[] = DASHBOARDS.flatMap(([, { title, panels }]) =>
  panels.flatMap((panel) =>
    panel.targets.map(({ refId, expr, legendFormat }) => {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
      return [`${title}: ${panel.title} (${refId})`, expr, labels] as const;
    }),
  ),
);
