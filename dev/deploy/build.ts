/** What kustomize makes of the overlays, and of one that has every component. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { KUBERNETES, parseResources } from './manifests.ts';
import type { Resource } from './manifests.ts';
import { run } from './tools.ts';

export const OVERLAYS = ['local', 'production', 'everything'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export interface Built {
  readonly text: string;
  readonly resources: readonly Resource[];
}

/** @throws with kustomize's words when it fails */
export async function build(overlay: Overlay): Promise<Built> {
  if (overlay !== 'everything') return buildFolder(join(KUBERNETES, 'overlays', overlay));
  const folder = mkdtempSync(join(KUBERNETES, 'overlays/everything-'));
  try {
    const more = ['cloudnative-pg', 'scale-by-load', 'tls'].map(
      (each) => `../../components/${each}`,
    );
    const kustomization = { resources: ['../production'], components: more, namespace: 'aura' };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return await buildFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function buildFolder(folder: string): Promise<Built> {
  const { code, output } = await run('kustomize', ['build', folder]);
  if (code !== 0) throw new Error(output);
  return { text: output, resources: parseResources(output) };
}
