/** JSON schemas for kubeconform, made from the OpenAPI document of Kubernetes and from CRDs. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly Kind[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly [key: string]: unknown;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Crd {
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** Where kubeconform looks for the schema of a resource, below the folder of the schemas. */
export const LOCATION = '{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json';

/** What the API server takes besides what the document says: `5` and `5%`, `1` and `500m`. */
const EITHER = { oneOf: [{ type: 'string' }, { type: 'number' }] };

/** A field that the schema does not know is a mistake: the API server would drop it, or refuse it. */
function closed(schema: Schema): Schema {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const known = schema.properties !== undefined && !open && !('additionalProperties' in schema);
  const isEither =
    schema['format'] === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true;
  if (isEither) return EITHER;
  const entries = Object.entries(schema).map(([key, value]) => [key, closedValue(value)]);
  return { ...Object.fromEntries(entries), ...(known && { additionalProperties: false }) };
}

function closedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closedValue);
  return typeof value === 'object' && value !== null ? closed(value as Schema) : value;
}

function write(folder: string, { group, version, kind }: Kind, schema: object): void {
  // kubeconform takes the version for the group where there is none.
  const name = `${group || version}_${version}_${kind.toLowerCase()}.json`;
  writeFileSync(join(folder, name), JSON.stringify(schema));
}

/** @param openapi the file swagger.json of Kubernetes */
export function writeSchemas(openapi: string, crds: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const document = JSON.parse(readFileSync(openapi, 'utf8')) as {
    readonly definitions: Readonly<Record<string, Schema>>;
  };
  const definitions = closedValue(document.definitions) as Record<string, Schema>;
  definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = EITHER;
  writeFileSync(join(folder, 'definitions.json'), JSON.stringify({ definitions }));
  for (const [name, schema] of Object.entries(document.definitions)) {
    const [kind, ...others] = schema['x-kubernetes-group-version-kind'] ?? [];
    if (!kind || others.length > 0) continue;
    write(folder, kind, { $ref: `definitions.json#/definitions/${name}` });
  }
  for (const file of readdirSync(crds)) writeCrd(folder, readFileSync(join(crds, file), 'utf8'));
}

function writeCrd(folder: string, text: string): void {
  for (const document of parseAllDocuments(text)) {
    const { spec } = document.toJS() as Crd;
    for (const { name, schema } of spec?.versions ?? []) {
      const { group, names } = spec as NonNullable<Crd['spec']>;
      const kind = { group, version: name, kind: names.kind };
      const { openAPIV3Schema } = schema;
      const properties = { ...openAPIV3Schema.properties, metadata: { type: 'object' } };
      write(folder, kind, closed({ ...openAPIV3Schema, properties }));
    }
  }
}
