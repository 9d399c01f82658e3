/**
 * This file loads the contract once; everything else takes its gRPC definitions and types from here.
 */
import { fileURLToPath } from 'node:url';
import type { PackageDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';
import type { DealServiceDefinition } from './gen/aura/negotiation/v1/DealService.ts';
import type { InventoryServiceDefinition } from './gen/aura/negotiation/v1/InventoryService.ts';
import type { NegotiationServiceDefinition } from './gen/aura/negotiation/v1/NegotiationService.ts';
import type { TelemetryServiceDefinition } from './gen/aura/negotiation/v1/TelemetryService.ts';
import type { VerifiedSignature } from './gen/aura/negotiation/v1/VerifiedSignature.ts';
import type { VerifiedSignature__Output } from './gen/aura/negotiation/v1/VerifiedSignature.ts';
import type { ProtoGrpcType as ErrorDetailTypes } from './gen/error_details.ts';
import type { ProtoGrpcType as NegotiationTypes } from './gen/negotiation.ts';
import type { ProtoGrpcType as StatusTypes } from './gen/status.ts';

export type { AttributeFilter } from './gen/aura/negotiation/v1/AttributeFilter.ts';
export type { AttributeFilter__Output } from './gen/aura/negotiation/v1/AttributeFilter.ts';
export type { ExportItemsResponse } from './gen/aura/negotiation/v1/ExportItemsResponse.ts';
export type { VerifiedSignature, VerifiedSignature__Output };
export type { ImportItemsRequest__Output } from './gen/aura/negotiation/v1/ImportItemsRequest.ts';
export type { Leftover } from './gen/aura/negotiation/v1/Leftover.ts';
export type { ImportItemsResponse } from './gen/aura/negotiation/v1/ImportItemsResponse.ts';
export type { ReindexItemsResponse } from './gen/aura/negotiation/v1/ReindexItemsResponse.ts';
export type { InventoryItem } from './gen/aura/negotiation/v1/InventoryItem.ts';
export type { InventoryItem__Output } from './gen/aura/negotiation/v1/InventoryItem.ts';
export type { InventoryServiceHandlers } from './gen/aura/negotiation/v1/InventoryService.ts';
export type { Deal } from './gen/aura/negotiation/v1/Deal.ts';
export type { Deal__Output } from './gen/aura/negotiation/v1/Deal.ts';
export type { DealServiceHandlers } from './gen/aura/negotiation/v1/DealService.ts';
export type { DealStatus } from './gen/aura/negotiation/v1/DealStatus.ts';
export type { ListDealsRequest__Output } from './gen/aura/negotiation/v1/ListDealsRequest.ts';
export type { ListDealsResponse } from './gen/aura/negotiation/v1/ListDealsResponse.ts';
export type { GetItemRequest__Output } from './gen/aura/negotiation/v1/GetItemRequest.ts';
export type { GetItemResponse } from './gen/aura/negotiation/v1/GetItemResponse.ts';
export type { SetItemsActiveRequest__Output } from './gen/aura/negotiation/v1/SetItemsActiveRequest.ts';
export type { SetItemsActiveResponse } from './gen/aura/negotiation/v1/SetItemsActiveResponse.ts';
export type { GetReservationRequest__Output } from './gen/aura/negotiation/v1/GetReservationRequest.ts';
export type { GetReservationResponse } from './gen/aura/negotiation/v1/GetReservationResponse.ts';
export type { ReleaseReservationRequest__Output } from './gen/aura/negotiation/v1/ReleaseReservationRequest.ts';
export type { ReleaseReservationResponse } from './gen/aura/negotiation/v1/ReleaseReservationResponse.ts';
export type { ReservationStatus } from './gen/aura/negotiation/v1/ReservationStatus.ts';
export type { GetReceiptKeysResponse } from './gen/aura/negotiation/v1/GetReceiptKeysResponse.ts';
export type { GetReceiptKeysResponse__Output } from './gen/aura/negotiation/v1/GetReceiptKeysResponse.ts';
export type { GetReservationRequest } from './gen/aura/negotiation/v1/GetReservationRequest.ts';
export type { GetReservationResponse__Output } from './gen/aura/negotiation/v1/GetReservationResponse.ts';
export type { ReleaseReservationRequest } from './gen/aura/negotiation/v1/ReleaseReservationRequest.ts';
export type { ReleaseReservationResponse__Output } from './gen/aura/negotiation/v1/ReleaseReservationResponse.ts';
export type { NegotiateRequest } from './gen/aura/negotiation/v1/NegotiateRequest.ts';
export type { NegotiateRequest__Output } from './gen/aura/negotiation/v1/NegotiateRequest.ts';
export type { NegotiateResponse } from './gen/aura/negotiation/v1/NegotiateResponse.ts';
export type { NegotiateResponse__Output } from './gen/aura/negotiation/v1/NegotiateResponse.ts';
export type { NegotiationServiceClient } from './gen/aura/negotiation/v1/NegotiationService.ts';
export type { NegotiationServiceHandlers } from './gen/aura/negotiation/v1/NegotiationService.ts';
export type { Reservation } from './gen/aura/negotiation/v1/Reservation.ts';
export type { Reservation__Output } from './gen/aura/negotiation/v1/Reservation.ts';
export type { GetTelemetryStatusResponse } from './gen/aura/negotiation/v1/GetTelemetryStatusResponse.ts';
export type { GetTelemetryStatusResponse__Output } from './gen/aura/negotiation/v1/GetTelemetryStatusResponse.ts';
export type { TelemetryServiceHandlers } from './gen/aura/negotiation/v1/TelemetryService.ts';
export type { SearchRequest } from './gen/aura/negotiation/v1/SearchRequest.ts';
export type { SearchRequest__Output } from './gen/aura/negotiation/v1/SearchRequest.ts';
export type { SearchResponse } from './gen/aura/negotiation/v1/SearchResponse.ts';
export type { SearchResultItem } from './gen/aura/negotiation/v1/SearchResultItem.ts';
export type { SearchResponse__Output } from './gen/aura/negotiation/v1/SearchResponse.ts';

/** The whole contract; server reflection shows it. */
export const packageDefinition: PackageDefinition = loadSync(
  [
    'aura/negotiation/v1/negotiation.proto',
    'aura/negotiation/v1/deal.proto',
    'aura/negotiation/v1/inventory.proto',
    'aura/negotiation/v1/telemetry.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  {
    includeDirs: [fileURLToPath(new URL('.', import.meta.url))],
    // These options must agree with the flags of the `generate` script, which makes the types.
    defaults: true,
    enums: String,
    longs: Number,
    oneofs: true,
  },
);

/** Sellers' programs manage deals by this service. */
export const dealService = packageDefinition[
  'aura.negotiation.v1.DealService'
] as unknown as DealServiceDefinition;

/** Sellers' programs manage the inventory by this service. */
export const inventoryService = packageDefinition[
  'aura.negotiation.v1.InventoryService'
] as unknown as InventoryServiceDefinition;

/** Agents search and haggle by this service. */
export const negotiationService = packageDefinition[
  'aura.negotiation.v1.NegotiationService'
] as unknown as NegotiationServiceDefinition;

/** Operators learn by this service how telemetry fares. */
export const telemetryService = packageDefinition[
  'aura.negotiation.v1.TelemetryService'
] as unknown as TelemetryServiceDefinition;

/** This metadata carries a {@link VerifiedSignature} from the gateway to core. */
export const SIGNATURE_METADATA = 'aura-signature-bin';

type Contract = NegotiationTypes['aura']['negotiation']['v1'];
const signature = packageDefinition[
  'aura.negotiation.v1.VerifiedSignature'
] as unknown as Contract['VerifiedSignature'];

export function encodeSignature(verified: VerifiedSignature): Buffer {
  return signature.serialize(verified);
}

/** @throws Error for bytes that are no such message */
export function decodeSignature(bytes: Buffer): VerifiedSignature__Output {
  return signature.deserialize(bytes);
}

type ErrorDetails = ErrorDetailTypes['google']['rpc'];
const message = (name: string): unknown => packageDefinition[`google.rpc.${name}`];
const status = message('Status') as StatusTypes['google']['rpc']['Status'];
const errorInfo = message('ErrorInfo') as ErrorDetails['ErrorInfo'];
const badRequest = message('BadRequest') as ErrorDetails['BadRequest'];
const retryInfo = message('RetryInfo') as ErrorDetails['RetryInfo'];

const DOMAIN = 'aura.negotiation.v1';
const typeUrl = (name: string): string => `type.googleapis.com/google.rpc.${name}`;

/** This trailer carries a `google.rpc.Status`, by the convention of the gRPC libraries. */
export const STATUS_DETAILS_TRAILER = 'grpc-status-details-bin';

export interface FieldViolation {
  /** The field's name in the proto, nested ones with dots: `agent.did`. */
  readonly field: string;
  readonly description: string;
}

/** An error of Aura says this beside its gRPC code and message. */
export interface ErrorDetail {
  /** Programs tell errors apart by this word in UPPER_SNAKE_CASE. */
  readonly reason?: string | undefined;
  readonly violations?: readonly FieldViolation[] | undefined;
  /** Whole seconds after which another try may go better. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Encodes a `google.rpc.Status` with an `ErrorInfo`, a `BadRequest` and a `RetryInfo` where there are any. */
export function encodeErrorDetail(code: number, text: string, detail: ErrorDetail): Buffer {
  const details = [];
  if (detail.reason !== undefined) {
    const value = errorInfo.serialize({ reason: detail.reason, domain: DOMAIN });
    details.push({ type_url: typeUrl('ErrorInfo'), value });
  }
  if (detail.violations && detail.violations.length > 0) {
    const value = badRequest.serialize({ fieldViolations: [...detail.violations] });
    details.push({ type_url: typeUrl('BadRequest'), value });
  }
  if (detail.retryAfterSeconds !== undefined) {
    const value = retryInfo.serialize({ retryDelay: { seconds: detail.retryAfterSeconds } });
    details.push({ type_url: typeUrl('RetryInfo'), value });
  }
  return status.serialize({ code, message: text, details });
}

/** Decodes what {@link encodeErrorDetail} made; details of other kinds are passed over. */
export function decodeErrorDetail(bytes: Buffer): ErrorDetail {
  let reason: string | undefined;
  let violations: FieldViolation[] = [];
  let retryAfterSeconds: number | undefined;
  for (const any of status.deserialize(bytes).details) {
    if (any.type_url === typeUrl('ErrorInfo')) reason = errorInfo.deserialize(any.value).reason;
    if (any.type_url === typeUrl('BadRequest')) {
      violations = badRequest.deserialize(any.value).fieldViolations;
    }
    if (any.type_url === typeUrl('RetryInfo')) {
      retryAfterSeconds = Number(retryInfo.deserialize(any.value).retryDelay?.seconds);
    }
  }
  return { reason, violations, retryAfterSeconds };
}
