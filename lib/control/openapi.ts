import { VERSION } from "../version.ts";
import { API_ROOT } from "./control_routes.ts";
import { STATUS_OF } from "./control_error.ts";
import { COMMENT_SETTING, SETTINGS } from "./mirror_settings.ts";
import type { SettingType } from "./mirror_settings.ts";

/** A part of an OpenAPI or JSON Schema document. */
type Part = Readonly<Record<string, unknown>>;

/**
 * Describes the control API.
 *
 * @returns an OpenAPI 3.1 document
 */
export function openApiDocument(): Part {
  return {
    openapi: "3.1.0",
    info: {
      title: "Mirrorbits control API",
      version: VERSION,
      description:
        "Drives a running Mirrorbits daemon. Long operations answer with NDJSON: lines " +
        "of progress, then one line with the result or an error.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: API_ROOT }],
    security: [{ password: [] }, {}],
    paths: PATHS,
    components: {
      securitySchemes: {
        password: {
          type: "http",
          scheme: "bearer",
          description: "The daemon's RPCPassword, percent-encoded; none when it has no password.",
        },
      },
      schemas: SCHEMAS,
    },
  };
}

const SETTING_SCHEMAS: Record<SettingType, Part> = {
  text: { type: "string" },
  flag: { type: "boolean" },
  optional_flag: { type: ["boolean", "null"] },
  integer: { type: "integer" },
  number: { type: "number" },
  codes: { type: "array", items: { type: "string" } },
};

const SETTING_PROPERTIES: Part = Object.fromEntries(
  [...SETTINGS, COMMENT_SETTING].map(({ property, type, minimum, maximum }) => [property, {
    ...SETTING_SCHEMAS[type],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  }]),
);

const TIME: Part = { type: ["string", "null"], format: "date-time" };
const TEXT: Part = { type: "string" };
const COUNT: Part = { type: "integer", minimum: 0 };
const FLAG: Part = { type: "boolean" };
const TEXTS: Part = { type: "array", items: TEXT };

const PROGRESS = object({
  phase: { type: "string", enum: ["listing", "hashing", "writing"] },
  files: COUNT,
  total: { type: ["integer", "null"], minimum: 0 },
});

const SCHEMAS: Part = {
  MirrorSettings: {
    type: "object",
    properties: SETTING_PROPERTIES,
    additionalProperties: false,
  },
  Mirror: object({
    id: { type: "integer", minimum: 1 },
    ...SETTING_PROPERTIES,
    status: { type: "string", enum: ["disabled", "up", "down", "up/down", "down/up"] },
    httpUp: FLAG,
    httpsUp: FLAG,
    httpDownReason: TEXT,
    httpsDownReason: TEXT,
    stateSince: TIME,
    lastSync: TIME,
    lastSuccessfulSync: TIME,
    lastSuccessfulSyncProtocol: { type: "string", enum: ["rsync", "ftp"] },
    lastSuccessfulSyncPrecision: COUNT,
    lastModTime: TIME,
    timeZoneOffset: { type: "integer" },
  }),
  Location: {
    type: ["object", "null"],
    properties: {
      latitude: { type: "number" },
      longitude: { type: "number" },
      continentCode: TEXT,
      countryCode: TEXT,
      country: TEXT,
      asNumber: COUNT,
      asName: TEXT,
    },
  },
  Event: {
    type: "object",
    required: ["type", "mirrorId", "time"],
    properties: {
      type: {
        type: "string",
        enum: [
          ...["error", "added", "edited", "enabled", "disabled", "state"],
          ...["scan_started", "scan_completed"],
        ],
      },
      mirrorId: { type: "integer" },
      time: { type: "string", format: "date-time" },
    },
  },
  Version: object({
    version: TEXT,
    deno: TEXT,
    v8: TEXT,
    os: TEXT,
    architecture: TEXT,
    cpus: COUNT,
  }),
  Error: object({
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string", enum: Object.keys(STATUS_OF) },
        message: TEXT,
        matches: TEXTS,
        mirror: reference("Mirror"),
      },
    },
  }),
};

const ID = parameter("path", "id", { type: "integer", minimum: 1 }, "ID of the mirror");
const IF_MATCH = parameter("header", "If-Match", TEXT, "Entity tag that the change is based on");
const RANGE = [
  parameter("query", "start", { type: "string", format: "date" }, "First day; default: today"),
  parameter("query", "end", { type: "string", format: "date" }, "Last day; default: today"),
];

const PATHS: Part = {
  "/openapi.json": {
    get: operation("This document", { response: { type: "object" } }),
  },
  "/version": {
    get: operation("What the daemon is and runs on", { response: reference("Version") }),
  },
  "/mirrors": {
    get: operation("List mirrors, the newest change of state first", {
      parameters: [
        parameter("query", "enabled", FLAG, "Only enabled, or only disabled mirrors"),
        parameter("query", "down", FLAG, "Only enabled mirrors that are not up"),
      ],
      response: object({ mirrors: { type: "array", items: reference("Mirror") } }),
    }),
    post: operation("Add a mirror and look its place up", {
      request: reference("MirrorSettings"),
      status: "201",
      response: object({
        mirror: reference("Mirror"),
        location: reference("Location"),
        warnings: TEXTS,
      }),
    }),
  },
  "/mirrors/match": {
    get: operation("Find the one mirror that a name, or a part of one, means", {
      parameters: [{ ...parameter("query", "name", TEXT, "Name"), required: true }],
      response: reference("Mirror"),
      entityTag: true,
    }),
  },
  "/mirrors/{id}": {
    get: operation("Show a mirror", {
      parameters: [ID],
      response: reference("Mirror"),
      entityTag: true,
    }),
    patch: operation("Change settings of a mirror", {
      parameters: [ID, IF_MATCH],
      request: reference("MirrorSettings"),
      response: reference("Mirror"),
      entityTag: true,
    }),
    delete: operation("Remove a mirror with everything known about it", {
      parameters: [ID, IF_MATCH],
      response: reference("Mirror"),
    }),
  },
  "/mirrors/{id}/enable": {
    post: operation("Enable a mirror", { parameters: [ID], response: reference("Mirror") }),
  },
  "/mirrors/{id}/disable": {
    post: operation("Disable a mirror", { parameters: [ID], response: reference("Mirror") }),
  },
  "/mirrors/{id}/scan": {
    post: operation("Scan a mirror now", {
      parameters: [ID],
      request: {
        type: "object",
        properties: {
          protocol: { type: ["string", "null"], enum: ["rsync", "ftp", null] },
          enable: FLAG,
          timeout: { type: ["number", "null"], exclusiveMinimum: 0, description: "Seconds" },
        },
      },
      stream: object({
        protocol: { type: "string", enum: ["rsync", "ftp"] },
        indexed: COUNT,
        known: COUNT,
        removed: COUNT,
        timeZoneOffset: { type: "integer", description: "Milliseconds" },
        warnings: TEXTS,
        enabled: FLAG,
      }),
    }),
  },
  "/mirrors/{id}/location": {
    get: operation("Look up where a mirror stands now; changes nothing", {
      parameters: [ID],
      response: object({
        location: reference("Location"),
        warnings: TEXTS,
        settings: reference("MirrorSettings"),
      }),
    }),
  },
  "/mirrors/{id}/events": {
    get: operation("The newest events of a mirror, oldest first", {
      parameters: [ID, parameter("query", "limit", COUNT, "At most so many; default: 500")],
      response: object({ events: { type: "array", items: reference("Event") } }),
    }),
  },
  "/mirrors/{id}/stats": {
    get: operation("Downloads from a mirror", {
      parameters: [ID, ...RANGE],
      response: object({
        name: TEXT,
        status: TEXT,
        start: TEXT,
        end: TEXT,
        downloads: COUNT,
        bytes: COUNT,
      }),
    }),
  },
  "/stats/files": {
    get: operation("Downloads of the files whose path matches a regular expression", {
      parameters: [
        { ...parameter("query", "pattern", TEXT, "Regular expression"), required: true },
        ...RANGE,
      ],
      response: object({
        files: { type: "array", items: object({ path: TEXT, downloads: COUNT }) },
        total: COUNT,
        start: TEXT,
        end: TEXT,
      }),
    }),
  },
  "/source/scan": {
    post: operation("Scan the source repository now", {
      request: { type: "object", properties: { rehash: FLAG, force: FLAG } },
      stream: object({
        files: COUNT,
        changed: COUNT,
        removed: COUNT,
        hashed: COUNT,
        bytes: COUNT,
        outside: TEXTS,
        warnings: TEXTS,
      }),
    }),
  },
  "/reload": {
    post: operation("Read the configuration again", { response: object({ warnings: TEXTS }) }),
  },
};

function object(properties: Part): Part {
  return { type: "object", required: Object.keys(properties), properties };
}

function reference(schema: string): Part {
  return { $ref: `#/components/schemas/${schema}` };
}

function parameter(
  place: "path" | "query" | "header",
  name: string,
  schema: Part,
  text: string,
): Part {
  return { in: place, name, required: place === "path", schema, description: text };
}

function operation(summary: string, options: {
  readonly parameters?: readonly Part[];
  readonly request?: Part;
  readonly response?: Part;
  readonly stream?: Part;
  readonly status?: string;
  readonly entityTag?: boolean;
}): Part {
  const { parameters = [], request, response, stream, status = "200", entityTag } = options;
  const content = stream
    ? { "application/x-ndjson": { schema: streamSchema(stream) } }
    : { "application/json": { schema: response } };
  const headers = entityTag ? { headers: { ETag: { schema: TEXT } } } : {};
  return {
    summary,
    parameters,
    ...(request ? { requestBody: { content: { "application/json": { schema: request } } } } : {}),
    responses: {
      [status]: { description: summary, content, ...headers },
      default: {
        description: "What went wrong",
        content: { "application/json": { schema: reference("Error") } },
      },
    },
  };
}

/** A line of a stream. */
function streamSchema(result: Part): Part {
  return {
    oneOf: [
      object({ type: { const: "progress" }, progress: PROGRESS }),
      object({ type: { const: "result" }, result }),
      object({ type: { const: "error" }, error: reference("Error") }),
    ],
  };
}
