/** `node src/inventory/cli.ts policy ITEM [--rounds 8 …] | quantity ITEM N`: what an item is sold by. */
import { parseArgs } from 'node:util';
import { runCommand, say, UsageError } from '../cli.ts';
import { DEFAULT_TERMS } from '../negotiation/asks.ts';
import type { PolicyParameter, PolicyParameters } from './policy-parameters.ts';
import { policyParameters } from './policy-parameters.ts';
import { setPolicyParameters, setQuantity } from './repository.ts';

const USAGE = `usage: inventory quantity ITEM N|unlimited
       inventory policy ITEM [--rounds N] [--beta X] [--bucket X] [--opening X]
  --rounds   counter-offers in a haggle, 1 to 100
  --beta     how soon we give way, 0.01 to 10; below 1 is late
  --bucket   step the floor is rounded up in, as a share of the list price, 0.001 to 0.5
  --opening  our first ask as a share of the list price, 0.1 to 1
  "default" takes a parameter back; without any it only tells`;

/** By option. */
const PARAMETERS: Readonly<Record<string, PolicyParameter>> = {
  rounds: 'rounds',
  beta: 'beta',
  bucket: 'bucketRatio',
  opening: 'openingRatio',
};

await runCommand(async ({ db }) => {
  const { command, itemId, changes, quantity } = readCommand(process.argv.slice(2));
  if (command === 'quantity') {
    if (!(await setQuantity(db, itemId, quantity))) throw noItem(itemId);
    say(`${itemId}: ${quantity ?? 'unlimited'}`);
    return;
  }
  const parameters = await setPolicyParameters(db, itemId, changes);
  if (!parameters) throw noItem(itemId);
  say(`${itemId} haggles by`);
  for (const [option, name] of Object.entries(PARAMETERS)) {
    const value = parameters[name];
    say(`  ${option.padEnd(8)} ${value ?? `${DEFAULT_TERMS[name]} (the default)`}`);
  }
});

function noItem(itemId: string): UsageError {
  return new UsageError(`there is no item ${itemId}`);
}

function readCommand(args: string[]) {
  const options = Object.fromEntries(
    Object.keys(PARAMETERS).map((name) => [name, { type: 'string' } as const]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const [command, itemId, amount, ...more] = parsed.positionals;
  const isKnown = command === 'policy' ? amount === undefined : command === 'quantity' && amount;
  if (!isKnown || itemId === undefined || more.length > 0) throw new UsageError(USAGE);
  const changes = Object.entries(parsed.values).map(([option, text]) => {
    const name = PARAMETERS[option] as PolicyParameter;
    return [name, text === 'default' ? null : readParameter(option, name, String(text))];
  });
  return {
    command,
    itemId,
    changes: Object.fromEntries(changes) as Partial<PolicyParameters>,
    quantity: amount === undefined || amount === 'unlimited' ? null : readQuantity(amount),
  };
}

function readParameter(option: string, name: PolicyParameter, text: string): number {
  const { data, error } = policyParameters[name].safeParse(text.trim() === '' ? NaN : Number(text));
  if (error) throw new UsageError(`--${option} ${text}: ${error.issues[0]?.message}\n${USAGE}`);
  return data;
}

function readQuantity(text: string): number {
  const quantity = Number(text);
  if (text.trim() !== '' && Number.isInteger(quantity) && quantity >= 0 && quantity <= 1e9) {
    return quantity;
  }
  throw new UsageError(`${text}: must be a whole number from 0 to 1000000000, or unlimited`);
}
