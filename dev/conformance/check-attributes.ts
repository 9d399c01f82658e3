/** Holds names and types of attributes against our registry and that of OpenTelemetry. */
import type { Registry } from '../../proto/telemetry-registry.ts';
import type { Findings } from './findings.ts';
import type { RegistryFacts } from './registry.ts';
import type { TypedAttributes } from './signals.ts';

export interface Registries {
  readonly conventions: RegistryFacts;
  readonly ours: Registry;
}

/** @param place where the attributes are, such as `the span http.server` */
export function checkAttributes(
  { conventions, ours }: Registries,
  attributes: TypedAttributes,
  place: string,
  findings: Findings,
): void {
  for (const [name, { type, value }] of Object.entries(attributes)) {
    findings.checked.attributes.add(name);
    const example = `${place}: ${name}=${JSON.stringify(value)}`;
    const facts = name.startsWith('aura.')
      ? typeOfOurs(ours, name)
      : typeOfTheirs(conventions, name);
    if (facts === undefined) findings.add(`unknown attribute ${name}`, example);
    else if (facts.deprecated !== undefined) {
      findings.add(`deprecated attribute ${name}`, `${example}; ${facts.deprecated}`);
    } else if (!isOfType(type, facts.type)) {
      findings.add(`attribute ${name} is ${type}, not ${facts.type}`, example);
    }
  }
}

interface Wanted {
  readonly type: string;
  readonly deprecated?: string | undefined;
}

function typeOfOurs({ attributes }: Registry, name: string): Wanted | undefined {
  const found = attributes.find(({ id }) => id === name);
  return found && { type: typeof found.type === 'string' ? found.type : 'string' };
}

/** A name may be one of a family, such as `http.request.header.accept`. */
function typeOfTheirs({ attributes }: RegistryFacts, name: string): Wanted | undefined {
  const exact = attributes[name];
  if (exact) return exact;
  for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
    const family = attributes[name.slice(0, at)];
    const member = /^template\[(.*)\]$/.exec(family?.type ?? '')?.[1];
    if (family && member !== undefined) return { ...family, type: member };
  }
  return undefined;
}

/** JavaScript sends a double that is whole as an int, as the SDK cannot tell the two. */
function isOfType(sent: string, wanted: string): boolean {
  if (wanted === 'any' || sent === wanted) return true;
  if (sent === 'int' && wanted === 'double') return true;
  return sent === 'any[]' && wanted.endsWith('[]');
}
