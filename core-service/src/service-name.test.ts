import { expect, test } from 'vitest';
import { serviceNameIn } from './service-name.ts';

test.each([
  ['', '', 'aura-core'],
  ['', 'team=blue', 'aura-core'],
  ['', 'team=blue, service.name = shop core ,city=x', 'shop core'],
  ['', 'service.name=sh%C3%B6p', 'shöp'],
  ['', 'service%2Ename=shop', 'shop'],
  ['', 'service.name=', 'aura-core'],
  ['', 'service.name=50%', '50%'],
  ['', 'service.namespace=shop,my.service.name=x', 'aura-core'],
  ['own', 'service.name=shop', 'own'],
  [' ', 'service.name=shop', 'shop'],
])('OTEL_SERVICE_NAME=%j and OTEL_RESOURCE_ATTRIBUTES=%j name it %j', (own, attributes, name) => {
  const env = { OTEL_SERVICE_NAME: own, OTEL_RESOURCE_ATTRIBUTES: attributes };
  expect(serviceNameIn(env, 'aura-core')).toBe(name);
});
