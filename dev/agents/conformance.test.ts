/**
 * These tests let the official conformance suite of MCP loose on a gateway, which has a core to answer. The
 * scenarios that do not apply are named with the reason, and a scenario that is neither run nor named
 * fails the tests.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../api-gateway/test/gateway.ts';
import { startGateway } from '../../api-gateway/test/gateway.ts';

const SUITE = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/conformance/dist/index.js',
);

const RUN = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'];

const OWN_TOOLS = 'it calls a tool of the suite by its name, such as test_simple_text';
const NO_RESOURCES = 'Aura has no resources';
const NO_PROMPTS = 'Aura has no prompts';
const NO_STREAM = 'Aura answers in JSON, without a stream';
const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  'logging-set-level': 'Aura sends no log messages to clients',
  'completion-complete': 'Aura has no prompts and resources to complete',
  'tools-call-simple-text': OWN_TOOLS,
  'tools-call-image': OWN_TOOLS,
  'tools-call-audio': OWN_TOOLS,
  'tools-call-embedded-resource': OWN_TOOLS,
  'tools-call-mixed-content': OWN_TOOLS,
  'tools-call-with-logging': OWN_TOOLS,
  'tools-call-error': OWN_TOOLS,
  'tools-call-with-progress': OWN_TOOLS,
  'tools-call-sampling': OWN_TOOLS,
  'tools-call-elicitation': OWN_TOOLS,
  'json-schema-2020-12': OWN_TOOLS,
  'elicitation-sep1034-defaults': OWN_TOOLS,
  'elicitation-sep1330-enums': OWN_TOOLS,
  'server-sse-polling': NO_STREAM,
  'server-sse-multiple-streams': NO_STREAM,
  'resources-list': NO_RESOURCES,
  'resources-read-text': NO_RESOURCES,
  'resources-read-binary': NO_RESOURCES,
  'resources-templates-read': NO_RESOURCES,
  'resources-subscribe': NO_RESOURCES,
  'resources-unsubscribe': NO_RESOURCES,
  'prompts-list': NO_PROMPTS,
  'prompts-get-simple': NO_PROMPTS,
  'prompts-get-with-args': NO_PROMPTS,
  'prompts-get-embedded-resource': NO_PROMPTS,
  'prompts-get-with-image': NO_PROMPTS,
};

let gateway: Gateway;
let url: string;
const results = mkdtempSync(join(tmpdir(), 'aura-conformance-'));
beforeAll(async () => {
  gateway = await startGateway({ mcp: { hosts: [] } });
  url = `http://127.0.0.1:${await gateway.listen()}/mcp`;
});
afterAll(async () => {
  await gateway.close();
  rmSync(results, { recursive: true });
});

async function suite(...args: string[]): Promise<{ code: number; output: string }> {
  return promisify(execFile)(process.execPath, [SUITE, ...args], { cwd: results }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
  );
}

test('each scenario for servers is run, or named with the reason why not', async () => {
  const { output } = await suite('list', '--server');
  const names = [...output.matchAll(/^ +- (\S+) \[/gm)].map(([, name = '']) => name);
  expect(names.toSorted()).toEqual([...RUN, ...Object.keys(NOT_APPLICABLE)].toSorted());
});

test.each(RUN)('scenario %s', async (scenario) => {
  const { code, output } = await suite('server', '--url', url, '--scenario', scenario);
  expect(output).toMatch(/Passed: (\d+)\/\1, 0 failed, 0 warnings/);
  expect(code).toBe(0);
});
