import swagger from '@fastify/swagger';
import createFastify from 'fastify';
import type { App } from './app-type.ts';
import { version } from './version.ts';

/** The documentation page loads nothing but what this gateway serves. */
const PAGE = {
  url: '/openapi.json',
  pageTitle: 'Aura: the API',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  showDeveloperTools: 'never',
} as const;

const PAGE_PATHS = ['/docs/', '/docs/js/scalar.js'] as const;
type Page = Readonly<
  Record<(typeof PAGE_PATHS)[number], { readonly type: string; readonly body: Buffer }>
>;

/** Makes the OpenAPI document of the routes that are added after this. */
export async function collectOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Aura',
        version,
        description:
          'The seller’s side of agent commerce: search an inventory, haggle over a price, close the deal. ' +
          'Models can do the same with tools over [MCP](https://modelcontextprotocol.io), at `/mcp` ' +
          'unless it is switched off; [/llms.txt](/llms.txt) tells a model how.',
      },
      // The API is wherever the document was fetched from.
      servers: [{ url: '/' }],
      tags: [{ name: 'commerce' }, { name: 'health' }],
    },
    // Schemas that others refer to keep their names in the document.
    refResolver: {
      buildLocalReference: (json, _base, _uri, i) =>
        (json['$id'] as string | undefined) ?? `def-${i}`,
    },
  });
}

/** Serves the document and a page that shows it. */
export function docsRoutes(app: App): void {
  const hidden = { schema: { hide: true } };
  app.get('/openapi.json', hidden, () => app.swagger());
  app.get('/docs', hidden, (_request, reply) => reply.redirect('/docs/', 301));
  let page: Promise<Page> | undefined;
  for (const path of PAGE_PATHS) {
    app.get(path, hidden, async (_request, reply) => {
      const { type, body } = (await (page ??= readPage()))[path];
      return reply.type(type).send(body);
    });
  }
}

/**
 * Loads the package of the page when somebody wants to see it, because its script of five megabytes would
 * cost each start 0.1 s and 35 MB, and keeps what it serves.
 */
async function readPage(): Promise<Page> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const server = createFastify();
  await server.register(scalar, { routePrefix: '/docs', configuration: PAGE });
  const read = async (path: string) => {
    const { headers, rawPayload } = await server.inject(path);
    return { type: String(headers['content-type']), body: rawPayload };
  };
  return { '/docs/': await read('/docs/'), '/docs/js/scalar.js': await read('/docs/js/scalar.js') };
}
