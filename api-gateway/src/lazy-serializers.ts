import { createRequire } from 'node:module';
import type { Serializer, SerializerFactory } from '@fastify/fast-json-stringify-compiler';

const require = createRequire(import.meta.url);

/**
 * Makes Fastify's own serializers, each of which is compiled when it first writes an answer. A route has a dozen
 * kinds of answers, most of which nobody ever gets. What compiles them is loaded then too, which is when the
 * first probe is answered.
 */
export const buildLazySerializer: SerializerFactory = (schemas, options) => {
  let compile: ReturnType<SerializerFactory> | undefined;
  return (definition) => {
    let serialize: Serializer | undefined;
    return (answer: unknown) => {
      compile ??= loadFactory()(schemas, options);
      serialize ??= compile(definition);
      return serialize(answer);
    };
  };
};

function loadFactory(): SerializerFactory {
  const createFactory = require('@fastify/fast-json-stringify-compiler') as () => SerializerFactory;
  return createFactory();
}
