import { NDJSON } from "./ndjson.ts";
import { COUNT, DAY, FLAG, type Part, reference, TEXT } from "./openapi_parts.ts";

const ID = parameter("path", "id", { type: "integer", minimum: 1 }, "ID of the mirror");
const IF_MATCH = parameter("header", "If-Match", TEXT, "Entity tag that the change is based on");
const RANGE = [
  parameter("query", "start", DAY, "First day; default: today"),
  parameter("query", "end", DAY, "Last day; default: today"),
];

/** What can be asked of the control API, by path and method. */
export const PATHS: Part = {
  "/openapi.json": {
    get: operation("This document", { answer: { type: "object" } }),
  },
  "/version": {
    get: operation("What the daemon is and runs on", { answer: "Version" }),
  },
  "/health": {
    get: operation("Whether the daemon is ready for requests, and what it works with", {
      answer: "Health",
      otherStatus: "503",
    }),
  },
  "/mirrors": {
    get: operation("List mirrors, the newest change of state first", {
      parameters: [
        parameter("query", "enabled", FLAG, "Only enabled, or only disabled mirrors"),
        parameter("query", "down", FLAG, "Only enabled mirrors that are not up"),
      ],
      answer: "MirrorList",
    }),
    post: operation("Add a mirror and look its place up", {
      request: "MirrorSettings",
      status: "201",
      headers: { Location: { schema: TEXT } },
      answer: "AddedMirror",
    }),
  },
  "/mirrors/match": {
    get: operation("Find the one mirror that a name, or a part of one, means", {
      parameters: [{ ...parameter("query", "name", TEXT, "Name"), required: true }],
      answer: "Mirror",
      entityTag: true,
    }),
  },
  "/mirrors/{id}": {
    get: operation("Show a mirror", { parameters: [ID], answer: "Mirror", entityTag: true }),
    patch: operation("Change settings of a mirror", {
      parameters: [ID, IF_MATCH],
      request: "MirrorSettings",
      answer: "Mirror",
      entityTag: true,
    }),
    delete: operation("Remove a mirror with everything known about it", {
      parameters: [ID, IF_MATCH],
      answer: "Mirror",
    }),
  },
  "/mirrors/{id}/enable": {
    post: operation("Enable a mirror", { parameters: [ID], answer: "Mirror" }),
  },
  "/mirrors/{id}/disable": {
    post: operation("Disable a mirror", { parameters: [ID], answer: "Mirror" }),
  },
  "/mirrors/{id}/scan": {
    post: operation(
      "Scan a mirror now; going away aborts the scan, empty lines are signs of life",
      {
        parameters: [ID],
        request: "MirrorScanRequest",
        answer: "MirrorScanLine",
        mediaType: NDJSON,
      },
    ),
  },
  "/mirrors/{id}/location": {
    get: operation("Look up where a mirror stands now; changes nothing", {
      parameters: [ID],
      answer: "FoundLocation",
    }),
  },
  "/mirrors/{id}/events": {
    get: operation("The newest events of a mirror, oldest first", {
      parameters: [ID, parameter("query", "limit", COUNT, "At most so many; default: 500")],
      answer: "EventList",
    }),
  },
  "/mirrors/{id}/stats": {
    get: operation("Downloads from a mirror", {
      parameters: [ID, ...RANGE],
      answer: "MirrorStats",
    }),
  },
  "/stats/files": {
    get: operation("Downloads of the files whose path matches a regular expression", {
      parameters: [
        { ...parameter("query", "pattern", TEXT, "Regular expression"), required: true },
        ...RANGE,
      ],
      answer: "FileStats",
    }),
  },
  "/source/scan": {
    post: operation(
      "Scan the source repository now; going away aborts the scan, empty lines are signs of life",
      {
        request: "SourceScanRequest",
        answer: "SourceScanLine",
        mediaType: NDJSON,
      },
    ),
  },
  "/reload": {
    post: operation("Read the configuration again", { answer: "Reloaded" }),
  },
  "/upgrade": {
    post: operation("Let the program as it is on disk now take over, without a request lost", {
      answer: "Upgraded",
    }),
  },
};

function parameter(
  place: "path" | "query" | "header",
  name: string,
  schema: Part,
  description: string,
): Part {
  return { in: place, name, required: place === "path", schema, description };
}

/** What one method of a path does; schemas are given by name. */
function operation(summary: string, options: {
  readonly parameters?: readonly Part[];
  readonly request?: string;
  readonly answer: string | Part;
  readonly mediaType?: string;
  readonly status?: string;
  /** A status that comes with the same answer. */
  readonly otherStatus?: string;
  readonly headers?: Part;
  readonly entityTag?: boolean;
}): Part {
  const { parameters = [], request, answer, status = "200", mediaType = "application/json" } =
    options;
  const schema = typeof answer === "string" ? reference(answer) : answer;
  const headers = {
    ...options.headers,
    ...(options.entityTag ? { ETag: { schema: TEXT } } : {}),
  };
  const described = { description: summary, headers, content: { [mediaType]: { schema } } };
  return {
    summary,
    parameters,
    ...(request === undefined ? {} : { requestBody: { content: json(reference(request)) } }),
    responses: {
      [status]: described,
      ...(options.otherStatus === undefined ? {} : { [options.otherStatus]: described }),
      default: { description: "What went wrong", content: json(reference("Error")) },
    },
  };
}

function json(schema: Part): Part {
  return { "application/json": { schema } };
}
