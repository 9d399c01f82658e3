/** The HTTP client of the Mistral SDK, which carries what LangChain does not hand down. */
import { HTTPClient } from '@mistralai/mistralai/lib/http.js';
import { context, propagation, trace } from '@opentelemetry/api';
import { modelCall } from '../telemetry/model-call.ts';
import { BrokenAnswerError, parseAnswer, UnreadableAnswerError } from './unreadable-answer.ts';

/** `gen_ai.provider.name` by the semantic conventions. */
export const PROVIDER = 'mistral_ai';
/** An answer of more bytes is refused. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export function createHttpClient(): HTTPClient {
  return new HTTPClient({ fetcher: fetchInCall });
}

/**
 * Fetches with the signal and the span of the model's call. The baggage (the agent's DID) ends here: it
 * is not the vendor's business. The body is read and parsed before the SDK sees it, because a body that
 * fails inside the SDK leaves an unhandled rejection behind, which would end the process.
 */
async function fetchInCall(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const call = modelCall.getStore();
  const request = new Request(input, init);
  const signal = call ? AbortSignal.any([request.signal, call.signal]) : request.signal;
  let outside = propagation.deleteBaggage(context.active());
  if (call?.span) outside = trace.setSpan(outside, call.span);
  return context.with(outside, async () => {
    const response = await fetch(request, { signal });
    const body = await response.text().catch((error: unknown) => {
      throw signal.aborted ? error : new BrokenAnswerError(error);
    });
    if (body.length > MAX_ANSWER_BYTES) throw new UnreadableAnswerError('the answer is too large');
    // A vendor's words about an error can quote the prompt; the SDK would put them into its message.
    if (!response.ok) return new Response('{}', response);
    const parsed = parseAnswer(body);
    return new Response(call?.check ? JSON.stringify(call.check(parsed)) : body, response);
  });
}
