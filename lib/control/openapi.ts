import { VERSION } from "../version.ts";
import { API_ROOT } from "./control_routes.ts";
import type { Part } from "./openapi_parts.ts";
import { PATHS } from "./openapi_paths.ts";
import { SCHEMAS } from "./openapi_schemas.ts";

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
