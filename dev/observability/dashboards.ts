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
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
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

/** Each query of each panel, with where it stands. */
export const QUERIES: readonly (readonly [where: string, expression: string])[] =
  DASHBOARDS.flatMap(([, { title, panels }]) =>
    panels.flatMap((panel) =>
      panel.targets.map(
        ({ refId, expr }) => [`${title}: ${panel.title} (${refId})`, expr] as const,
      ),
    ),
  );
