/**
 * The walls between the rooms of the code: who may know whom. `pnpm check` holds them, and
 * dev/checks/walls.test.ts plants a breach of each.
 */

/** The folders and files of core from the top down: each may import what stands below it. */
const CORE_LAYERS = [
  '(main|serve|server|cli|health-check)\\.ts$',
  'cli/',
  'grpc/',
  'negotiation/',
  'deals/',
  'idempotency/',
  'inventory/',
  'search/',
  'agents/',
  'context\\.ts$',
  'llm/',
  'text/',
  'db/',
  'telemetry/',
  '(config|config-values|logger|errors|amount|money|numbers|typed-text|request-scope|haggling|terms|policy-version|receipt-keys|telemetry-variables|telemetry-unused|tls-files|tls-watch|otlp-endpoint|admission|refused-share|workers)\\.ts$',
];
const core = (path) => `^core-service/src/${path}`;
const gateway = (path) => `^api-gateway/src/${path}`;
const packages = (...names) => `node_modules/(${names.join('|')})/`;
const TESTS = '\\.test\\.ts$';

/** Files of a service that are not at `allowed` may not import the packages. */
function confine(name, comment, service, allowed, ...names) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: service(''), pathNot: [...allowed.map(service), TESTS] },
    to: { path: packages(...names) },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-circle-of-folders',
      comment: 'No folder imports another that imports it back.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(core-service|api-gateway)/src/.' },
      to: { circular: true },
    },
    {
      name: 'no-circle-of-files',
      comment: 'No file imports another that imports it back.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '/gen/' } },
    },
    ...CORE_LAYERS.slice(1).map((layer, i) => ({
      name: `core-imports-point-down: ${layer.replace(/[\\$]/g, '')}`,
      comment: 'Imports in core point down the list of layers.',
      severity: 'error',
      from: { path: core(layer), pathNot: TESTS },
      to: { path: CORE_LAYERS.slice(0, i + 1).map(core) },
    })),
    {
      name: 'commands-know-no-grpc',
      comment: 'Commands call the same verbs as grpc/, and never one another.',
      severity: 'error',
      from: { path: core('cli/') },
      to: { path: core('grpc/') },
    },
    confine(
      'sql-stays-in-repositories',
      'SQL stays in db/ and in the repositories of the domains.',
      core,
      ['db/', '[^.]+repository\\.ts$'],
      'drizzle-orm',
      'pg',
    ),
    confine(
      'langchain-stays-in-llm',
      'LangChain and the SDK of Mistral stay in llm/.',
      core,
      ['llm/mistral-[^/]+\\.ts$'],
      '@langchain/[^/]+',
      '@mistralai/[^/]+',
    ),
    confine(
      'grpc-stays-at-the-edge-of-core',
      'gRPC stays in grpc/ and in the processes.',
      core,
      ['grpc/', 'server\\.ts$', 'health-check\\.ts$'],
      '@grpc/[^/]+',
      'grpc-health-check',
    ),
    confine(
      'grpc-stays-at-the-edge-of-the-gateway',
      'gRPC stays in core-client.ts, core-channels.ts, core-credentials.ts and errors.ts.',
      gateway,
      ['core-(client|channels|credentials)\\.ts$', 'errors\\.ts$'],
      '@grpc/[^/]+',
      'grpc-health-check',
    ),
    confine(
      'mcp-stays-in-its-room',
      'The packages of MCP are loaded with the first request, by mcp/ alone.',
      gateway,
      ['mcp/'],
      '@modelcontextprotocol/[^/]+',
    ),
    confine(
      'commander-stays-in-cli',
      'What people type is read in cli/.',
      core,
      ['cli/', 'cli\\.ts$'],
      'commander',
    ),
    ...[core, gateway].map((service) => ({
      ...confine(
        'sdk-stays-in-telemetry',
        'Code uses the API of OpenTelemetry; the SDK is set up in the preload.',
        service,
        [
          'telemetry/',
          'telemetry\\.ts$',
          'export-watch\\.ts$',
          'worker-metrics\\.ts$',
          'metric-reader\\.ts$',
          'log-processor\\.ts$',
          'spans/stock-instrumentations\\.ts$',
        ],
        '@opentelemetry/(sdk|exporter|instrumentation)[^/]*',
      ),
      name: `sdk-stays-in-telemetry: ${service('').slice(1, -1)}`,
    })),
    {
      name: 'services-are-apart',
      comment: 'The services know each other by the contract alone, and nothing of dev/.',
      severity: 'error',
      from: { path: '^(core-service|api-gateway|proto)/', pathNot: [TESTS, '/test/'] },
      to: {
        path: '^(core-service|api-gateway|dev)/',
        pathNot: '^$1/',
      },
    },
    {
      name: 'one-door-into-the-contract',
      comment: 'Only proto/index.ts is imported, so that nobody loads the contract a second time.',
      severity: 'error',
      from: { pathNot: '^proto/' },
      to: { path: '^proto/gen/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/test/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
