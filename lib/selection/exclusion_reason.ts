import type { AddressFamily } from "../catalog/families.ts";

/** Why a mirror may not serve a request. The wording belongs to the renderer. */
export type ExclusionReason =
  | { readonly type: "disabled" }
  /** Disabled by plan; `until` in milliseconds since the epoch, `null`: nobody knows. */
  | { readonly type: "downtime"; readonly until: number | null }
  | { readonly type: "not_https" }
  | { readonly type: "not_http" }
  /** Down on the only scheme that was tried, or alike on both; `detail` is the health check's, perhaps empty. */
  | { readonly type: "down"; readonly detail: string }
  /** Down on both schemes, for different reasons, each perhaps empty. */
  | { readonly type: "down_both"; readonly http: string; readonly https: string }
  /** Either scheme would do: HTTP is down, HTTPS is not offered. `detail` is perhaps empty. */
  | { readonly type: "down_not_https"; readonly detail: string }
  /** Either scheme would do: HTTPS is down, HTTP is not offered. `detail` is perhaps empty. */
  | { readonly type: "down_not_http"; readonly detail: string }
  /** Not scanned for longer than the operator allows; `age` in milliseconds, rounded down. */
  | { readonly type: "not_scanned"; readonly age: number }
  /** A part of the tree that it does not carry on purpose. */
  | { readonly type: "not_carried" }
  /** The file is new, and waits until enough mirrors have it. */
  | { readonly type: "embargo" }
  | { readonly type: "size" }
  /** Another revision of a metadata set; `age` is by how many milliseconds it is older. */
  | { readonly type: "revision"; readonly age: number }
  /** Not at one revision of a metadata set throughout. */
  | { readonly type: "syncing" }
  /** Its revision of a metadata set goes back and forth. */
  | { readonly type: "unsteady" }
  /** `difference` is source minus mirror, in milliseconds. */
  | { readonly type: "time"; readonly difference: number }
  /** Only for clients of its own networks. */
  | { readonly type: "networks" }
  /** Nobody reaches it over the client's family of addresses. */
  | { readonly type: "family"; readonly family: AddressFamily }
  /** A rule of the configuration; `number` counts from 1. */
  | { readonly type: "rule"; readonly number: number }
  /** The client is in the own network of another, which is to be its only one; `explain` tells. */
  | { readonly type: "monopoly" }
  /** The client does not want it. */
  | { readonly type: "avoided" }
  /** The client wants another, or another country. */
  | { readonly type: "not_chosen" }
  /** As much was redirected to it as it may serve in its day or month. */
  | { readonly type: "quota" }
  | { readonly type: "continent" }
  | { readonly type: "country" }
  | { readonly type: "as" }
  | { readonly type: "excluded_country" };
