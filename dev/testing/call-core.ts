import type { MethodDefinition } from '@grpc/grpc-js';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { negotiationService } from '../../proto/index.ts';

/** Calls core directly. @returns all that comes back, as text: headers, message, status, trailers */
export function callCore(
  port: number,
  method: 'Search' | 'Negotiate',
  request: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = negotiationService[
    method
  ] as MethodDefinition<any, any>;
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  const seen: unknown[] = [];
  return new Promise((resolve) => {
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      // The bytes are kept too, because a field that the contract does not know is in them only.
      (bytes) => {
        seen.push(readable(bytes));
        return responseDeserialize(bytes);
      },
      request,
      metadata,
      (_error, response) => void seen.push(response),
    );
    call.on('metadata', (answered) => void seen.push(toText(answered)));
    call.on('status', ({ code, details, metadata: trailers }) => {
      client.close();
      resolve(JSON.stringify([...seen, code, details, toText(trailers)]));
    });
  });
}

function toText(metadata: Metadata): unknown[] {
  return Object.entries(metadata.getMap()).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : readable(value),
  ]);
}

/** @returns the text in protobuf bytes, then each double and each varint that could be among them */
function readable(bytes: Buffer): unknown[] {
  const doubles = Array.from({ length: Math.max(0, bytes.length - 7) }, (_, at) =>
    bytes.readDoubleLE(at),
  ).filter((value) => Math.abs(value) > 1 && Math.abs(value) < 1e10);
  const varints = Array.from(bytes, (_, at) => varintAt(bytes, at)).filter((each) => each > 99_999);
  return [bytes.toString('latin1'), doubles, varints];
}

function varintAt(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + 6); at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return value;
  }
  return 0;
}
