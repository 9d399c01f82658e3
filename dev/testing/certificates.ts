/** Certificates as an installation has them: an authority, and what it signs for services. */
import { generate } from 'selfsigned';

/** A certificate and its private key, in PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends Certified {
  /** @param names for which the certificate stands: DNS names and addresses */
  sign(names: readonly string[], validity?: Validity): Promise<Certified>;
}

interface Validity {
  readonly from?: Date;
  readonly to?: Date;
}

const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
const HOUR_MS = 3_600_000;

export async function makeAuthority(name = 'Test authority'): Promise<Authority> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    ...datesOf({}),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    certificate: cert,
    key,
    sign: async (names, validity = {}) => {
      const altNames = names.map((each) =>
        /^[\d.]+$|:/.test(each)
          ? ({ type: 7, ip: each } as const)
          : ({ type: 2, value: each } as const),
      );
      const made = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
        ...EC,
        ...datesOf(validity),
        ca: { cert, key },
        extensions: [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames },
        ],
      });
      return { certificate: made.cert, key: made.private };
    },
  };
}

/** An hour ago to an hour from now, so that no clock is too fast or too slow for it. */
function datesOf({ from, to }: Validity) {
  const now = Date.now();
  return {
    notBeforeDate: from ?? new Date(now - HOUR_MS),
    notAfterDate: to ?? new Date(now + HOUR_MS),
  };
}
