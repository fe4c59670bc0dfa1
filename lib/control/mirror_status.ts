import type { MirrorRecord } from "../catalog/mirror_state.ts";

/** A mirror's state in a word; for a mirror that offers both schemes HTTP stands before HTTPS. */
export type MirrorStatus = "disabled" | "up" | "down" | "up/down" | "down/up";

const SCHEME = /^(https?):\/\//i;

/** The state of a mirror as operators read it. */
export function mirrorStatus(
  mirror: Pick<MirrorRecord, "enabled" | "httpUrl" | "httpUp" | "httpsUp">,
): MirrorStatus {
  if (!mirror.enabled) return "disabled";
  const scheme = SCHEME.exec(mirror.httpUrl)?.[1]?.toLowerCase();
  const http = mirror.httpUp ? "up" : "down";
  const https = mirror.httpsUp ? "up" : "down";
  if (scheme === "http" || http === https) return http;
  if (scheme === "https") return https;
  return http === "up" ? "up/down" : "down/up";
}
