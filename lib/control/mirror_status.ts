import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorStatus } from "./api/mirror_schemas.ts";

const SCHEME = /^(https?):\/\//i;

/** The state of a mirror as operators read it. */
export function mirrorStatus(
  mirror: Pick<MirrorRecord, "enabled" | "unchecked" | "httpUrl" | "httpUp" | "httpsUp">,
): MirrorStatus {
  if (!mirror.enabled) return "disabled";
  if (mirror.unchecked) return "up";
  const scheme = SCHEME.exec(mirror.httpUrl)?.[1]?.toLowerCase();
  const http = mirror.httpUp ? "up" : "down";
  const https = mirror.httpsUp ? "up" : "down";
  if (scheme === "http" || http === https) return http;
  if (scheme === "https") return https;
  return http === "up" ? "up/down" : "down/up";
}
