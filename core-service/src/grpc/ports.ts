/** The ports of core: that of its services, over TLS where that is configured, and one of health alone. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { HealthImplementation } from 'grpc-health-check';
import type { Context } from '../context.ts';
import { serverCredentials } from './credentials.ts';

export interface Ports {
  /**
   * @returns the port of the services, chosen by the system when the config says 0
   * @throws Error that names the variable whose port cannot be used
   */
  listen(): Promise<number>;
  /** Closes what is left when the services have ended. */
  close(): void;
}

/** @param server of the services, which its caller ends */
export function openPorts(ctx: Context, server: Server, health: HealthImplementation): Ports {
  const { host, port, healthPort, tls } = ctx.config.grpc;
  const secured = serverCredentials(tls, ctx.logger.child({ logger: 'server' }));
  const probed = new Server();
  health.addToServer(probed);
  return {
    listen: async () => {
      if (healthPort !== undefined) {
        const plain = ServerCredentials.createInsecure();
        await bind(probed, host, healthPort, plain, 'GRPC_HEALTH_PORT');
      }
      return bind(server, host, port, secured.credentials, 'GRPC_PORT');
    },
    close: () => {
      probed.forceShutdown();
      secured.close();
    },
  };
}

function bind(
  server: Server,
  host: string,
  port: number,
  credentials: ServerCredentials,
  variable: string,
): Promise<number> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => {
      if (!error) return resolve(bound);
      reject(new Error(`${variable} ${port} on ${host} cannot be used: ${error.message}`));
    });
  });
}
