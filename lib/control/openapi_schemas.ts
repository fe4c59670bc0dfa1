import { STATUS_OF } from "./control_error.ts";
import { COMMENT_SETTING, SETTINGS, type SettingType } from "./mirror_settings.ts";
import {
  COUNT,
  DAY,
  FLAG,
  list,
  object,
  type Part,
  reference,
  TEXT,
  TEXTS,
} from "./openapi_parts.ts";

const SETTING_SCHEMAS: Record<SettingType, Part> = {
  text: TEXT,
  flag: FLAG,
  optional_flag: { type: ["boolean", "null"] },
  integer: { type: "integer" },
  number: { type: "number" },
  codes: TEXTS,
};

const SETTING_PROPERTIES: Part = Object.fromEntries(
  [...SETTINGS, COMMENT_SETTING].map(({ property, type, minimum, maximum }) => [property, {
    ...SETTING_SCHEMAS[type],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  }]),
);

const SOME_SETTINGS: Part = {
  type: "object",
  properties: SETTING_PROPERTIES,
  additionalProperties: false,
};

const TIME: Part = { type: "string", format: "date-time" };
const TIME_OR_NEVER: Part = { type: ["string", "null"], format: "date-time" };
const COUNT_OR_UNKNOWN: Part = { type: ["integer", "null"], minimum: 0 };
const PROTOCOL: Part = { type: "string", enum: ["rsync", "ftp"] };
const STATUS: Part = { type: "string", enum: ["disabled", "up", "down", "up/down", "down/up"] };
const MILLISECONDS: Part = { type: "integer", description: "Milliseconds" };

/** What the control API speaks of, by name. */
export const SCHEMAS: Part = {
  MirrorSettings: SOME_SETTINGS,
  Mirror: object({
    id: { type: "integer", minimum: 1 },
    ...SETTING_PROPERTIES,
    status: STATUS,
    httpUp: FLAG,
    httpsUp: FLAG,
    httpDownReason: TEXT,
    httpsDownReason: TEXT,
    stateSince: TIME_OR_NEVER,
    lastSync: TIME_OR_NEVER,
    lastSuccessfulSync: TIME_OR_NEVER,
    lastSuccessfulSyncProtocol: PROTOCOL,
    lastSuccessfulSyncPrecision: { ...COUNT, description: "Milliseconds" },
    lastModTime: TIME_OR_NEVER,
    timeZoneOffset: MILLISECONDS,
  }),
  MirrorList: object({ mirrors: list(reference("Mirror")) }),
  AddedMirror: object({
    mirror: reference("Mirror"),
    location: reference("Location"),
    warnings: TEXTS,
  }),
  Location: {
    ...object({
      latitude: { type: "number" },
      longitude: { type: "number" },
      continentCode: TEXT,
      countryCode: TEXT,
      country: TEXT,
      asNumber: COUNT,
      asName: TEXT,
    }),
    type: ["object", "null"],
  },
  FoundLocation: object({
    location: reference("Location"),
    warnings: TEXTS,
    settings: reference("MirrorSettings"),
  }),
  EventList: object({ events: list(reference("Event")) }),
  Event: {
    oneOf: [
      ...["added", "edited", "enabled", "disabled"].map((type) => event(type)),
      event("error", { message: TEXT }),
      event("state", {
        protocol: { type: "string", enum: ["http", "https"] },
        up: FLAG,
        reason: TEXT,
      }),
      event("scan_started", { protocol: PROTOCOL }),
      event("scan_completed", {
        indexed: COUNT,
        known: COUNT,
        removed: COUNT,
        timeZoneOffset: MILLISECONDS,
      }),
    ],
  },
  MirrorStats: object({
    name: TEXT,
    status: STATUS,
    start: DAY,
    end: DAY,
    downloads: COUNT,
    bytes: COUNT,
  }),
  FileStats: object({
    files: list(object({ path: TEXT, downloads: COUNT })),
    total: COUNT,
    start: DAY,
    end: DAY,
  }),
  MirrorScanRequest: {
    type: "object",
    properties: {
      protocol: { type: ["string", "null"], enum: ["rsync", "ftp", null] },
      enable: FLAG,
      timeout: { type: ["number", "null"], exclusiveMinimum: 0, description: "Seconds" },
    },
  },
  SourceScanRequest: { type: "object", properties: { rehash: FLAG, force: FLAG } },
  ScanProgress: {
    type: "object",
    required: ["phase", "files", "total"],
    properties: {
      phase: { type: "string", enum: ["listing", "hashing", "writing"] },
      files: COUNT,
      total: { type: ["integer", "null"], minimum: 0 },
      path: { ...TEXT, description: "The file that is read now" },
      bytes: { ...COUNT, description: "Read so far" },
      totalBytes: { ...COUNT, description: "To read" },
    },
    additionalProperties: false,
  },
  MirrorScanLine: line({
    protocol: PROTOCOL,
    indexed: COUNT,
    known: COUNT,
    removed: COUNT,
    timeZoneOffset: MILLISECONDS,
    warnings: TEXTS,
    enabled: FLAG,
  }),
  SourceScanLine: line({
    files: COUNT,
    changed: COUNT,
    removed: COUNT,
    hashed: COUNT,
    bytes: COUNT,
    outside: TEXTS,
    warnings: TEXTS,
  }),
  Reloaded: object({ warnings: TEXTS }),
  Upgraded: object({ pid: { type: "integer", minimum: 1 } }),
  Version: object({
    version: TEXT,
    deno: TEXT,
    v8: TEXT,
    os: TEXT,
    architecture: TEXT,
    cpus: COUNT,
  }),
  Health: object({
    ready: { ...FLAG, description: "Whether this node should be sent requests" },
    trouble: { type: ["string", "null"], description: "What is in the way; null: nothing" },
    http: object({ address: TEXT, threads: COUNT, alive: FLAG }),
    store: object({ description: TEXT, available: FLAG }),
    source: object({ files: COUNT_OR_UNKNOWN, lastScan: TIME_OR_NEVER }),
    mirrors: object({ enabled: COUNT_OR_UNKNOWN, up: COUNT_OR_UNKNOWN }),
  }),
  Failure: {
    type: "object",
    required: ["code", "message"],
    properties: {
      code: { type: "string", enum: Object.keys(STATUS_OF) },
      message: TEXT,
      matches: { ...TEXTS, description: "Names of the mirrors that match" },
      mirror: { $ref: "#/components/schemas/Mirror", description: "As it is now" },
    },
    additionalProperties: false,
  },
  Error: object({ error: reference("Failure") }),
};

function event(type: string, properties: Part = {}): Part {
  const mirrorId = { type: "integer", minimum: 1 };
  return object({ type: { const: type }, mirrorId, time: TIME, ...properties });
}

/** A line of a stream: progress any number of times, then one result or one error. */
function line(result: Part): Part {
  return {
    oneOf: [
      object({ type: { const: "progress" }, progress: reference("ScanProgress") }),
      object({ type: { const: "result" }, result: object(result) }),
      object({ type: { const: "error" }, error: reference("Failure") }),
    ],
  };
}
