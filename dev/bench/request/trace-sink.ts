/** This collector takes OTLP/gRPC and throws it away unread, so that it costs next to nothing. */
import { Server, ServerCredentials } from '@grpc/grpc-js';

const NOTHING = Buffer.alloc(0);
const server = new Server({ 'grpc.max_receive_message_length': -1 });
server.addService(
  {
    Export: {
      path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      requestStream: false,
      responseStream: false,
      requestSerialize: () => NOTHING,
      requestDeserialize: () => NOTHING,
      responseSerialize: () => NOTHING,
      responseDeserialize: () => NOTHING,
    },
  },
  {
    Export: (_call: unknown, callback: (error: null, answer: Buffer) => void) =>
      callback(null, NOTHING),
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(JSON.stringify({ event: 'server_started', service: 'trace-sink', port }));
});
