/** Makes a private key for an agent, keeps it in a file that only its owner can read, and says the agent's DID. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { didOf } from './sign.ts';

const USAGE = `usage: npx -y pnpm@12 agent:key agent.pem
  --p256   makes a key of P-256 in place of Ed25519
  --help   prints this`;

/** @returns what there is to say: the DID, or how the program is used */
function makeKey(): string {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      p256: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return USAGE;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error('name one file');
  const { privateKey } = values.p256
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  // A key that is there already is never written over.
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return didOf(privateKey);
}

try {
  console.log(makeKey());
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const words = code === 'EEXIST' ? 'The file is there already; name another one.' : message;
  console.error(`${words}\n${USAGE}`);
  process.exitCode = 1;
}
