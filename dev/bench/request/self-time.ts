/** The share of each package in a CPU profile, by self time. */

/** What is used of the format of `.cpuprofile` files. */
export interface CpuProfile {
  /** Microseconds on a clock of V8's own, as is `endTime`. */
  readonly startTime: number;
  readonly endTime: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** The node that each sample hit. */
  readonly samples?: readonly number[] | undefined;
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas?: readonly number[] | undefined;
}

/**
 * @param us the length of the part in microseconds
 * @returns the profile without what was sampled before its last part
 */
export function lastPart<Profile extends CpuProfile>(profile: Profile, us: number): Profile {
  const { samples = [], timeDeltas = [], startTime, endTime } = profile;
  const begin = endTime - us;
  let time = startTime;
  const from = timeDeltas.findIndex((delta) => (time += delta) >= begin);
  if (from === -1) return { ...profile, samples: [], timeDeltas: [] };
  const rest = timeDeltas.slice(from + 1);
  return {
    ...profile,
    startTime: begin,
    samples: samples.slice(from),
    timeDeltas: [time - begin, ...rest],
  };
}

/** Time in which the thread waited or V8 does not say what for. */
const NOT_OURS = new Set(['(idle)', '(root)']);

type Frame = CpuProfile['nodes'][number]['callFrame'];

/**
 * Adds up the time of a profile's samples by package: `aura-core` and `aura-gateway` for our own code,
 * `node` for what Node brings, `gc`, and `(program)` for native code that V8 cannot name.
 *
 * @returns milliseconds of each, the largest first; waiting is left out
 */
export function selfTimeByPackage(profile: CpuProfile): ReadonlyMap<string, number> {
  return selfTime(profile, ownerOf);
}

/** Adds up the time by function, named with its package and file, as `selfTimeByPackage` does. */
export function selfTimeByFunction(profile: CpuProfile): ReadonlyMap<string, number> {
  return selfTime(profile, (frame) => {
    const owner = ownerOf(frame);
    const { functionName, url } = frame;
    // The collector and native code without a name are functions of themselves.
    if (owner === undefined || functionName.startsWith('(')) return owner;
    return `${owner}: ${functionName || 'anonymous'} ${url.split('/').at(-1)}`.trimEnd();
  });
}

function selfTime(
  profile: CpuProfile,
  nameOf: (frame: Frame) => string | undefined,
): ReadonlyMap<string, number> {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  const { samples = [], timeDeltas = [] } = profile;
  samples.forEach((id, i) => {
    const name = names.get(id);
    // A sample stands for the time up to the next one.
    const us = timeDeltas[i + 1];
    if (name === undefined || us === undefined) return;
    times.set(name, (times.get(name) ?? 0) + us / 1_000);
  });
  return new Map([...times].toSorted(([, a], [, b]) => b - a));
}

function ownerOf({ functionName: name, url }: Frame): string | undefined {
  if (NOT_OURS.has(name)) return undefined;
  if (name === '(garbage collector)') return 'gc';
  if (url === '') return name === '(program)' ? name : 'node';
  if (url.startsWith('node:')) return 'node';
  // pnpm keeps a package at node_modules/.pnpm/name@version/node_modules/name.
  const [, path] = /.*\/node_modules\/(.+)$/.exec(url) ?? [];
  if (path !== undefined) return path.split('/', path.startsWith('@') ? 2 : 1).join('/');
  const [, folder] = /\/(core-service|api-gateway|proto|dev)\//.exec(url) ?? [];
  const ours = { 'core-service': 'aura-core', 'api-gateway': 'aura-gateway' };
  return ours[folder as keyof typeof ours] ?? folder ?? url;
}
