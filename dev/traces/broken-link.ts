/** Finds the first link that is broken on the way of a trace from a service to Jaeger's pages. */

/** The links of that way, in order. */
const LINKS = ['sampler', 'exporter', 'network', 'collector', 'storage'] as const;
export type Link = (typeof LINKS)[number];

export interface BrokenLink {
  readonly link: Link;
  /** A sentence for the person who looks. */
  readonly why: string;
}

/** What the gateway's `/health` says, as far as it is about traces. */
export interface Health {
  readonly timestamp: string;
  readonly telemetry?: { readonly [name in 'gateway' | 'core']?: ServiceTelemetry };
}

interface ServiceTelemetry {
  readonly sampler: string;
  readonly sampled_share: number;
  readonly traces?: {
    readonly exporter: string;
    readonly last_export_at?: string;
    readonly last_failure_at?: string;
    readonly failing?: {
      readonly link: 'exporter' | 'network' | 'collector';
      readonly error_type: string;
      readonly error_code?: string;
    };
  };
}

/** @param since the `timestamp` of a `/health` before the request: failures before it are about other traces */
export function brokenLink({ telemetry }: Health, since: string): BrokenLink | undefined {
  const services = servicesIn(telemetry);
  const found = services.flatMap(([name, service]) => {
    const broken = brokenAt(name, service, since);
    return broken ? [broken] : [];
  });
  return found.toSorted((a, b) => LINKS.indexOf(a.link) - LINKS.indexOf(b.link))[0];
}

/** @returns what is broken where no service says that it is, and the trace is still not there */
export function brokenBehind(
  { telemetry }: Health,
  since: string,
  where: string,
): BrokenLink | undefined {
  const services = servicesIn(telemetry);
  const share = telemetry?.gateway?.sampled_share ?? 1;
  if (share < 1) {
    const why = `aura-gateway keeps ${share * 100} % of the requests, and this one was not among them; OTEL_TRACES_SAMPLER=parentbased_always_on keeps all`;
    return { link: 'sampler', why };
  }
  const silent = services.find(([, { traces }]) => (traces?.last_export_at ?? '') < since);
  if (silent !== undefined) {
    const why = `${silent[0]} has not sent the spans yet; is OTEL_BSP_SCHEDULE_DELAY longer than --wait?`;
    return { link: 'exporter', why };
  }
  if (services.length === 0) return undefined;
  return {
    link: 'storage',
    why: `the collector took the spans, and ${where}; does it read the storage that the collector writes to, and does OTEL_EXPORTER_OTLP_ENDPOINT lead to the collector that you mean?`,
  };
}

function servicesIn(telemetry: Health['telemetry'] = {}) {
  const { gateway, core } = telemetry;
  return [
    ...(gateway ? [['aura-gateway', gateway] as const] : []),
    ...(core ? [['aura-core', core] as const] : []),
  ];
}

function brokenAt(name: string, service: ServiceTelemetry, since: string): BrokenLink | undefined {
  const { sampler, sampled_share: share, traces } = service;
  // A parent-based sampler of core does as the gateway says.
  const decides = name === 'aura-gateway' || !sampler.startsWith('parentbased_');
  if (share === 0 && decides) {
    return { link: 'sampler', why: `${name} keeps no request: OTEL_TRACES_SAMPLER is ${sampler}` };
  }
  if (traces?.exporter !== 'otlp') {
    const why = `${name} sends no traces: OTEL_TRACES_EXPORTER is none, or OTEL_SDK_DISABLED is true`;
    return { link: 'exporter', why };
  }
  const { failing, last_failure_at: failedAt = '' } = traces;
  if (failing === undefined || failedAt < since) return undefined;
  const how = [failing.error_type, failing.error_code].filter(Boolean).join(', ');
  return { link: failing.link, why: `${name} ${FAILURES[failing.link]} (${how})` };
}

const FAILURES = {
  exporter:
    'cannot send as it is configured: look at OTEL_EXPORTER_OTLP_ENDPOINT, and at `hint` of telemetry_export_failed in its log',
  network:
    'gets no answer where OTEL_EXPORTER_OTLP_ENDPOINT leads: does the collector run, and does it speak OTLP/gRPC at that port?',
  collector: 'reaches the collector, which refuses: look into the log of the collector',
} as const;

/** @returns the way in one line, with what is known to be well up to the broken link */
export function drawLinks(broken: Link): string {
  const at = LINKS.indexOf(broken);
  return LINKS.map((link, i) => `${link} ${i < at ? '✓' : i === at ? '✗' : '?'}`).join(' ─ ');
}
