import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import * as v from "valibot";
import { VERSION } from "../../version.ts";
import { HEALTH, RELOADED, UPGRADED, VERSION_INFO } from "./daemon_schemas.ts";
import { EVENT, EVENT_LIST } from "./event_schema.ts";
import { ERROR, FAILURE } from "./failure_schema.ts";
import { ADDED_MIRROR, FOUND_LOCATION, LOCATION, MIRROR, MIRROR_LIST } from "./mirror_schemas.ts";
import { NDJSON } from "./ndjson.ts";
import { NOTIFY_TEST_REQUEST, NOTIFY_TEST_RESULT } from "./notify_schemas.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { ID, TEXT } from "./parts.ts";
import {
  MIRROR_SCAN_REQUEST,
  MIRROR_SCAN_RESULT,
  SCAN_PROGRESS,
  SOURCE_SCAN_REQUEST,
  SOURCE_SCAN_RESULT,
} from "./scan_schemas.ts";
import { SOME_SETTINGS } from "./setting_entries.ts";
import { FILE_STATS, MIRROR_STATS, STATISTICS } from "./stats_schemas.ts";
import { streamLine } from "./stream_line.ts";
import { API_ROOT } from "./wire.ts";

/** A part of an OpenAPI or JSON Schema document. */
export type Part = Readonly<Record<string, unknown>>;

/** The schemas that have a name in the document. */
const COMPONENTS: Readonly<Record<string, v.GenericSchema>> = {
  MirrorSettings: SOME_SETTINGS,
  Mirror: MIRROR,
  MirrorList: MIRROR_LIST,
  AddedMirror: ADDED_MIRROR,
  Location: LOCATION,
  FoundLocation: FOUND_LOCATION,
  EventList: EVENT_LIST,
  Event: EVENT,
  MirrorStats: MIRROR_STATS,
  FileStats: FILE_STATS,
  Statistics: STATISTICS,
  MirrorScanRequest: MIRROR_SCAN_REQUEST,
  SourceScanRequest: SOURCE_SCAN_REQUEST,
  ScanProgress: SCAN_PROGRESS,
  MirrorScanResult: MIRROR_SCAN_RESULT,
  SourceScanResult: SOURCE_SCAN_RESULT,
  NotifyTestRequest: NOTIFY_TEST_REQUEST,
  NotifyTestResult: NOTIFY_TEST_RESULT,
  Reloaded: RELOADED,
  Upgraded: UPGRADED,
  Version: VERSION_INFO,
  Health: HEALTH,
  Failure: FAILURE,
  Error: ERROR,
};

/** A body that is no JSON. */
const TEXT_BODY: Part = { type: "string" };

const CONVERSION: ConversionConfig = {
  target: "draft-2020-12",
  typeMode: "input",
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  overrideAction: ({ valibotAction, jsonSchema }) => {
    if (valibotAction.type !== "metadata" || !("metadata" in valibotAction)) return undefined;
    return { ...jsonSchema, ...valibotAction.metadata as Part };
  },
  // Answers have what is described and nothing else, though a client lets more through.
  overrideSchema: ({ valibotSchema, jsonSchema }) =>
    valibotSchema.type === "object" ? { ...jsonSchema, additionalProperties: false } : undefined,
};

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
    paths: paths(),
    components: {
      securitySchemes: {
        password: {
          type: "http",
          scheme: "bearer",
          description: "The daemon's RPCPassword, percent-encoded; none when it has no password.",
        },
      },
      schemas: toJsonSchemaDefs(COMPONENTS, CONVERSION),
    },
  };
}

function paths(): Part {
  const all: Record<string, Record<string, Part>> = {};
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method, path] = name.split(" ") as [string, string];
    (all[path] ??= {})[method.toLowerCase()] = describe(path, operation);
  }
  return all;
}

function describe(path: string, operation: Operation): Part {
  const { summary, answer, stream, status = 200, otherStatus, headers = [], otherHeaders = [] } =
    operation;
  const request = operation.body ?? operation.settings;
  const content = {
    ...stream ? lines(answer) : json(answer),
    ...operation.otherType === undefined ? {} : { [operation.otherType]: { schema: TEXT_BODY } },
  };
  const success = {
    description: summary,
    headers: Object.fromEntries([
      ...headers.map((name) => [name, { required: true, schema: described(TEXT) }]),
      ...otherHeaders.map((name) => [name, { schema: described(TEXT) }]),
    ]),
    content,
  };
  return {
    summary,
    parameters: parameters(path, operation),
    ...(request === undefined ? {} : { requestBody: { content: json(request) } }),
    ...(operation.text === undefined
      ? {}
      : { requestBody: { required: true, content: { [operation.text]: { schema: TEXT_BODY } } } }),
    responses: {
      [status]: success,
      ...(otherStatus === undefined ? {} : { [otherStatus]: success }),
      default: { description: "What went wrong", content: json(ERROR) },
    },
  };
}

function parameters(path: string, { query, conditional }: Operation): Part[] {
  const tag = v.pipe(TEXT, v.description("Entity tag that the change is based on"));
  return [
    ...(path.includes("{id}")
      ? [parameter("path", "id", v.pipe(ID, v.description("ID of the mirror")))]
      : []),
    ...(conditional ? [parameter("header", "If-Match", v.optional(tag))] : []),
    ...Object.entries(query?.entries ?? {}).map(([name, schema]) =>
      parameter("query", name, schema as v.GenericSchema)
    ),
  ];
}

function parameter(place: string, name: string, schema: v.GenericSchema): Part {
  const { description, ...rest } = described(schema);
  const required = schema.type !== "optional" && schema.type !== "exact_optional";
  return { in: place, name, required, schema: rest, description };
}

function json(schema: v.GenericSchema): Part {
  const name = Object.keys(COMPONENTS).find((one) => COMPONENTS[one] === schema);
  const part = name === undefined ? described(schema) : { $ref: `#/components/schemas/${name}` };
  return { "application/json": { schema: part } };
}

/** The lines of a stream, in terms of the schemas that have a name. */
function lines(result: v.GenericSchema): Part {
  const conversion = { ...CONVERSION, definitions: COMPONENTS };
  const { $schema: _, $defs: __, ...part } = toJsonSchema(streamLine(result), conversion);
  return { [NDJSON]: { schema: part } };
}

/** A schema in which there is none that has a name. */
function described(schema: v.GenericSchema): Part {
  return toJsonSchemaDefs({ schema }, CONVERSION).schema as Part;
}
