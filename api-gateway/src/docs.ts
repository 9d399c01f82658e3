import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { App } from './app-type.ts';

/** The documentation page loads nothing but what this gateway serves. */
const PAGE = {
  url: '/openapi.json',
  pageTitle: 'Aura: the API',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  showDeveloperTools: 'never',
} as const;

/** Makes the OpenAPI document of the routes that are added after this. */
export async function collectOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Aura',
        version: '1.0.0',
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
export async function docsRoutes(app: App): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(scalar, { routePrefix: '/docs', configuration: PAGE });
}
