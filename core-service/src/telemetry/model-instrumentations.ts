/** The instrumentations of the model's calls. They bring LangChain along, which costs 50 MB. */
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { LangChainInstrumentation } from '@traceloop/instrumentation-langchain';

export function modelInstrumentations(env: NodeJS.ProcessEnv) {
  return [
    new UndiciInstrumentation({ requireParentforSpans: true }),
    // Prompts and answers stay out of the traces unless somebody asks for them.
    new LangChainInstrumentation({
      traceContent: env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] === 'true',
    }),
  ];
}
