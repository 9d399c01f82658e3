/**
 * What does not conform and stays so, with the reason. One that the load does not show any more has to go from
 * this list.
 */

/** The SDK and its instrumentation of Node make these metrics, by names and units of before. */
const OF_THE_SDK = 'the SDK 0.301 makes it so';
const OF_NODE = '@opentelemetry/instrumentation-runtime-node makes it so';

export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'deprecated attribute rpc.response.status_code': OF_THE_SDK,
  'metric otel.sdk.exporter.log.exported in {log}, not {log_record}': OF_THE_SDK,
  'metric otel.sdk.exporter.log.inflight in {log}, not {log_record}': OF_THE_SDK,
  'metric v8js.memory.heap.space.available_size is gauge, not updowncounter': OF_NODE,
  'metric v8js.memory.heap.space.physical_size is gauge, not updowncounter': OF_NODE,
  'metric v8js.memory.heap.used is gauge, not updowncounter': OF_NODE,
};
