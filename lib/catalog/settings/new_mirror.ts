import type { Mirror } from "../mirror.ts";
import { DEFAULT_SETTINGS } from "./mirror_settings.ts";

const { name: _name, httpUrl: _httpUrl, ...others } = DEFAULT_SETTINGS;

/** What a mirror has before the operator says anything else: it is nowhere, and serves nobody yet. */
export const NEW_MIRROR: Omit<Mirror, "id" | "name" | "httpUrl"> = others;
