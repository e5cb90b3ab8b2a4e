import { z } from "zod";
import type { FaultKind } from "../core/fault.ts";
import { inSeconds } from "./wire.ts";

/** One of the `details` that all of Google's APIs send with an error: only what tells one fault from another. */
const Detail = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z.array(z.object({ quotaId: z.string().optional(), quotaValue: z.string().optional() })).optional(),
  /** Of an `ErrorInfo`, where older services name the quota. */
  metadata: z.object({ quota_limit: z.string().optional() }).optional().catch(undefined),
});
export type GoogleDetail = z.infer<typeof Detail>;

/** What can be read of them; a detail of another kind is passed over. */
export const detailsOf = (said: readonly unknown[]): readonly GoogleDetail[] =>
  said.flatMap((detail) => Detail.safeParse(detail).data ?? []);

/** @returns undefined when the details say no more than the status */
export function kindOfDetails(status: number, details: readonly GoogleDetail[]): FaultKind | undefined {
  if (details.some(({ reason }) => reason === "API_KEY_INVALID")) return "unauthorized";
  const quotas = details.flatMap(({ violations, metadata }) => [
    ...(violations ?? []),
    { quotaId: metadata?.quota_limit, quotaValue: undefined },
  ]);
  // A quota of 0 is one that this account does not get, however long it waits.
  const isGone = quotas.some(({ quotaId, quotaValue }) => /Per(Day|Month)/.test(quotaId ?? "") || quotaValue === "0");
  return status === 429 && isGone ? "quota-exhausted" : undefined;
}

/** Google's own word for what went wrong: "API_KEY_INVALID", "SERVICE_DISABLED", "BILLING_DISABLED". */
export const reasonOf = (details: readonly GoogleDetail[]): string | undefined =>
  details.find(({ reason }) => reason !== undefined)?.reason;

export function retryAtOf(details: readonly GoogleDetail[]): Date | undefined {
  for (const { retryDelay } of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1];
    if (seconds !== undefined) return inSeconds(Number(seconds));
  }
  return undefined;
}
