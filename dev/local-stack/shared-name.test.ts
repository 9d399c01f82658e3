import { expect, test } from 'vitest';
import { dropSharedName } from './shared-name.ts';

test('a name for both services is not used, and that is said', () => {
  const env: NodeJS.ProcessEnv = {
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: 'team=blue,service.name=shop,city=x',
  };
  expect(dropSharedName(env)).toEqual([
    'OTEL_SERVICE_NAME is not used, because two services cannot share one name',
    'service.name in OTEL_RESOURCE_ATTRIBUTES is not used, because two services cannot share one name',
  ]);
  expect(env).toEqual({ OTEL_RESOURCE_ATTRIBUTES: 'team=blue,city=x' });
  expect(dropSharedName(env)).toEqual([]);
  const plain: NodeJS.ProcessEnv = {};
  expect([dropSharedName(plain), plain]).toEqual([[], {}]);
});
