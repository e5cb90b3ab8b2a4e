import type { SkipReason } from "../core/attempt.ts";
import type { DataClass, Site } from "../core/provider.ts";

/** How far a class of data may travel when the local model cannot answer. */
export type Egress = "off" | "eu" | "all";
export type EgressPolicy = Readonly<Record<DataClass, Egress>>;

/** The Union's members, and "EU" for an address that a vendor promises to be inside it. */
const EU = new Set("EU AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "));

/** Why this data may not go there, or undefined when it may. A class without a policy is treated as the strictest. */
export function whyNotThere(dataClass: DataClass, site: Site, policy: EgressPolicy): SkipReason | undefined {
  if (site.kind === "local") return undefined;
  const allowed: Egress | undefined = policy[dataClass];
  if (allowed === "all") return undefined;
  if (allowed === "eu") return EU.has(site.country) ? undefined : "outside-eu";
  return "egress-refused";
}
