import { Trees } from "../../selection/tree.ts";
import type { HttpConfig } from "./config.ts";

/** What addresses, and mirrors' IDs, are mixed with: 32 bits each. */
export interface Salt {
  readonly seed: number;
  readonly key: number;
}

/** Reads the salt as the store keeps it: 16 hexadecimal digits. */
export function saltOf(text: string): Salt {
  return { seed: parseInt(text.slice(0, 8), 16) | 0, key: parseInt(text.slice(8, 16), 16) | 0 };
}

/** Whether addresses take the place of chance somewhere. */
export function drawsByAddress(
  { stableDraw, metadataSets }: Pick<HttpConfig, "metadataSets" | "stableDraw">,
): boolean {
  return stableDraw.length + metadataSets.length > 0;
}

/** Where addresses take the place of chance; `null`: nowhere, or nobody knows the salt yet. */
export function treesOf(config: HttpConfig, salt: Salt | null): Trees | null {
  return salt === null || !drawsByAddress(config) ? null : new Trees(config, salt.key);
}
