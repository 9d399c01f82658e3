/**
 * The programs that the tests of deploy/ run. `.ci/deploy` puts them into one folder, DEPLOY_TOOLS; what is
 * not there skips the tests that need it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type Tool =
  | 'kustomize'
  | 'kubeconform'
  | 'kube-score'
  | 'pod-security'
  | 'collector'
  | 'etcd'
  | 'kube-apiserver';

const FOLDER = process.env['DEPLOY_TOOLS'] ?? '';
/** Bytes of what a tool may print: all resources of an overlay, several times over. */
const MAX_OUTPUT = 16 * 1024 * 1024;

export function pathOf(tool: Tool | 'openapi' | 'crds'): string {
  return join(FOLDER, tool);
}

export function hasTools(...tools: readonly Tool[]): boolean {
  return FOLDER !== '' && tools.every((tool) => existsSync(pathOf(tool)));
}

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a tool to its end, whatever its exit code. @param input goes to its standard input */
export function run(tool: Tool, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      pathOf(tool),
      args,
      { maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, output: code === 0 ? stdout : `${stdout}${stderr}` });
      },
    );
    child.stdin?.end(input);
  });
}
