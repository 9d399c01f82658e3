import type { NegotiationServiceHandlers } from '@aura/proto';
import {
  dealService,
  inventoryService,
  negotiationService,
  packageDefinition,
  telemetryService,
} from '@aura/proto';
import { NEGOTIATION_SERVICE } from '@aura/proto/limits.ts';
import { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { Admission } from './admission.ts';
import type { Context } from './context.ts';
import { adminCheck } from './grpc/admin.ts';
import { admitted } from './grpc/admit.ts';
import { measureService } from './grpc/call-duration.ts';
import { dealHandlers } from './grpc/deals.ts';
import { inventoryHandlers } from './grpc/inventory.ts';
import { negotiateHandler } from './grpc/negotiate.ts';
import { openPorts } from './grpc/ports.ts';
import { reservationHandlers } from './grpc/reservations.ts';
import { searchHandler } from './grpc/search.ts';
import { traceService } from './grpc/server-span.ts';
import { monitorHealth } from './grpc/health.ts';
import { telemetryHandlers } from './grpc/telemetry.ts';
import { observeLocks } from './db/lock-metrics.ts';
import { observeDeals } from './deals/metrics.ts';
import { startSweeper } from './negotiation/sweeper.ts';
import type { TelemetryStatus } from './telemetry/telemetry-status.ts';
import { isTelemetryOk } from './telemetry/telemetry-status.ts';

/** A larger message is refused. The HTTP edge takes 16 KiB; the rest is room for the encoding. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Calls that are cut have this long to be told so. */
const CUT_MS = 200;
const NOTHING_SENT: TelemetryStatus = { sampler: '', sampledShare: 0, signals: [] };

export interface CoreServer {
  /** @returns the port, chosen by the system when the config says 0 */
  listen(): Promise<number>;
  /** Says not ready, drains what is under way, and cuts what is left after the grace. */
  close(): Promise<void>;
}

/**
 * The negotiation service with grpc.health.v1 and reflection.
 *
 * @param statusOfTelemetry says how what is sent arrives; without it nothing is said to be sent
 */
export async function buildServer(
  ctx: Context,
  statusOfTelemetry: () => TelemetryStatus = () => NOTHING_SENT,
): Promise<CoreServer> {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
    // Callers look for new replicas only when a connection ends; calls under way are finished first.
    'grpc.max_connection_age_ms': 5_000,
  });
  const reservations = reservationHandlers(ctx);
  const admission = new Admission({
    limits: ctx.config.load,
    logger: ctx.logger.child({ logger: 'server' }),
    queueMs: () => ctx.database.delayMs(),
  });
  const handlers = {
    Negotiate: admitted(admission, negotiateHandler(ctx)),
    Search: admitted(admission, searchHandler(ctx)),
    GetReservation: admitted(admission, reservations.GetReservation),
    ReleaseReservation: admitted(admission, reservations.ReleaseReservation),
    GetReceiptKeys: reservations.GetReceiptKeys,
  } satisfies NegotiationServiceHandlers;
  server.addService(negotiationService, measureService(negotiationService, traceService(handlers)));
  const { adminTokens } = ctx.config;
  if (adminTokens.length > 0) {
    const isAdmin = adminCheck(adminTokens);
    const [deals, inventory] = [dealHandlers(ctx, isAdmin), inventoryHandlers(ctx, isAdmin)];
    server.addService(dealService, measureService(dealService, traceService(deals)));
    server.addService(inventoryService, measureService(inventoryService, traceService(inventory)));
  }
  const health = new HealthImplementation();
  health.addToServer(server);
  new ReflectionService(packageDefinition).addToServer(server);
  server.addService(telemetryService, telemetryHandlers(statusOfTelemetry));
  const isOk = (): boolean => isTelemetryOk(statusOfTelemetry());
  const monitor = await monitorHealth(ctx, health, NEGOTIATION_SERVICE, isOk);
  const ports = openPorts(ctx, server, health);
  const stopSweeper = startSweeper(ctx);
  const stopObserving = [observeDeals(ctx.db), observeLocks(ctx.db)];

  return {
    listen: () => ports.listen(),
    close: async () => {
      monitor.drain();
      const swept = stopSweeper();
      for (const stop of stopObserving) stop();
      await new Promise<void>((resolve) => {
        const cut = setTimeout(() => {
          server.forceShutdown();
          // A peer that is frozen never closes its side; it is not waited for.
          setTimeout(resolve, CUT_MS);
        }, ctx.config.shutdownGraceMs);
        server.tryShutdown(() => {
          clearTimeout(cut);
          resolve();
        });
      });
      ports.close();
      await swept;
    },
  };
}
