import { type Context, Hono } from "hono";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { NoSuchMirrorError, type Store, StoreUnavailableError } from "../store/store.ts";
import { ControlError, type ControlErrorCode, STATUS_OF } from "./control_error.ts";
import {
  API_ROOT,
  type FileStatsJson,
  type LocationJson,
  type MirrorStatsJson,
  type UpgradeJson,
} from "./control_routes.ts";
import { parseDateRange } from "./date_range.ts";
import { fingerprint } from "./fingerprint.ts";
import { grpcRefusal } from "./grpc_refusal.ts";
import { guard } from "./guard.ts";
import type { HealthJson } from "./health_service.ts";
import { mirrorToJson } from "./mirror_json.ts";
import { locationSettings } from "./mirror_location.ts";
import { MirrorService, type MirrorServiceDependencies } from "./mirror_service.ts";
import { streamResponse } from "./ndjson.ts";
import { openApiDocument } from "./openapi.ts";
import { readFlag, readId, readObject, readQueryNumber, readScanRequest } from "./request_body.ts";
import type { ScanRunner } from "./scan_runner.ts";
import { ScanService } from "./scan_service.ts";
import { StatsService } from "./stats_service.ts";
import type { VersionInfo } from "./version_info.ts";

/** What the control API works on. */
export interface ControlServices extends Omit<MirrorServiceDependencies, "store"> {
  readonly store:
    & MirrorServiceDependencies["store"]
    & Pick<Store, "mirrorDownloads" | "allFileDownloads">;
  readonly scans: ScanRunner;
  /**
   * Reads the configuration again.
   *
   * @throws with a sentence for the operator; the old configuration stays in force
   */
  readonly reload: () => Promise<{ readonly warnings: readonly string[] }>;
  /**
   * Lets the program as it is on disk now take over; missing where that cannot be done.
   *
   * @returns once the new process answers requests
   * @throws with a sentence for the operator; then this process goes on
   */
  readonly upgrade?: () => Promise<UpgradeJson>;
  readonly version: VersionInfo;
  /** How the daemon is; never rejects. */
  readonly health: () => Promise<HealthJson>;
  /** The configuration in force now. */
  readonly config: () => Pick<Config, "rpcPassword" | "rpcListenAddress">;
  readonly log: Log;
}

/** The control API. */
export interface ControlApp {
  /** Answers a request; never throws. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** What it answers, in the words of OpenAPI: `GET /mirrors/{id}`. */
  readonly routes: readonly string[];
}

/** Makes the control API: HTTP with JSON below {@linkcode API_ROOT}, described by OpenAPI. */
export function createControlApp(services: ControlServices): ControlApp {
  const { store, now, log } = services;
  const mirrors = new MirrorService(services);
  const scans = new ScanService(services.scans, mirrors);
  const stats = new StatsService(store);
  const toError = (error: unknown): ControlError => controlError(error, log);

  const api = new Hono();
  api.get("/openapi.json", (c) => c.json(openApiDocument()));
  api.get("/version", (c) => c.json(services.version));
  api.get("/health", async (c) => {
    const health = await services.health();
    return c.json(health, health.ready ? 200 : 503);
  });

  api.get("/mirrors", async (c) => {
    const enabled = readFlag("enabled", c.req.query("enabled"));
    const down = readFlag("down", c.req.query("down"));
    const list = await mirrors.list({
      ...(enabled === undefined ? {} : { enabled }),
      ...(down === undefined ? {} : { down }),
    });
    return c.json({ mirrors: list.map(mirrorToJson) });
  });
  api.post("/mirrors", async (c) => {
    const { mirror, located, warnings } = await mirrors.add(await readObject(c.req.raw));
    const { location } = located;
    const answer = {
      mirror: mirrorToJson(mirror),
      location,
      warnings: [...located.warnings, ...warnings],
    };
    c.header("location", `${API_ROOT}/mirrors/${mirror.id}`);
    return c.json(answer, 201);
  });
  api.get("/mirrors/match", async (c) => {
    return tagged(c, await mirrors.match(c.req.query("name") ?? ""));
  });
  api.get("/mirrors/:id", async (c) => tagged(c, await mirrors.get(id(c))));
  api.patch("/mirrors/:id", async (c) => {
    const changes = await readObject(c.req.raw);
    return tagged(c, await mirrors.edit(id(c), changes, expectedTag(c)));
  });
  api.delete("/mirrors/:id", async (c) => {
    return c.json(mirrorToJson(await mirrors.remove(id(c), expectedTag(c))));
  });
  api.post("/mirrors/:id/enable", async (c) => {
    return c.json(mirrorToJson(await mirrors.enable(id(c), true)));
  });
  api.post("/mirrors/:id/disable", async (c) => {
    return c.json(mirrorToJson(await mirrors.enable(id(c), false)));
  });
  api.post("/mirrors/:id/scan", async (c) => {
    const mirrorId = id(c);
    const request = readScanRequest(await readObject(c.req.raw));
    await mirrors.get(mirrorId);
    return streamResponse(
      (observer) => scans.scanMirror(mirrorId, request, observer),
      toError,
      now,
    );
  });
  api.get("/mirrors/:id/location", async (c) => {
    const located = await mirrors.locate(id(c));
    const { location, warnings } = located;
    return c.json(
      { location, warnings, settings: locationSettings(located) } satisfies LocationJson,
    );
  });
  api.get("/mirrors/:id/events", async (c) => {
    const limit = readQueryNumber("limit", c.req.query("limit"), 500);
    const events = await mirrors.events(id(c), limit);
    return c.json({
      events: events.map((event) => ({ ...event, time: new Date(event.time).toISOString() })),
    });
  });
  api.get("/mirrors/:id/stats", async (c) => {
    const range = dateRange(c, now());
    const mirror = mirrorToJson(await mirrors.get(id(c)));
    const counts = await stats.mirror(mirror.id, range);
    const { name, status } = mirror;
    return c.json({ name, status, ...range, ...counts } satisfies MirrorStatsJson);
  });
  api.get("/stats/files", async (c) => {
    const range = dateRange(c, now());
    const found = await stats.files(c.req.query("pattern") ?? "", range);
    return c.json({ ...found, ...range } satisfies FileStatsJson);
  });
  api.post("/source/scan", async (c) => {
    const body = await readObject(c.req.raw);
    const request = {
      rehash: readFlag("rehash", body["rehash"]) ?? false,
      force: readFlag("force", body["force"]) ?? false,
    };
    return streamResponse((observer) => scans.scanSource(request, observer), toError, now);
  });
  api.post("/reload", async (c) => {
    return c.json(await services.reload().catch(failed("reload_failed")));
  });
  api.post("/upgrade", async (c) => {
    if (!services.upgrade) {
      throw new ControlError(
        "upgrade_failed",
        "This daemon cannot be upgraded while it runs: stop it and start the new program",
      );
    }
    const { pid } = await services.upgrade().catch(failed("upgrade_failed"));
    return c.json({ pid } satisfies UpgradeJson);
  });

  const app = new Hono();
  app.use(async (c, next) => {
    guard(c.req.raw, services.config());
    await next();
    // Compressed answers would have weak entity tags, and lines of progress would come late.
    c.header("cache-control", "no-store, no-transform");
    c.header("x-content-type-options", "nosniff");
  });
  app.route(API_ROOT, api);
  app.notFound((c) => {
    const what = `${c.req.method} ${c.req.path}`;
    return errorResponse(new ControlError("not_found", `There is no ${what} here`));
  });
  app.onError((error) => errorResponse(toError(error)));
  return {
    fetch: async (request) => grpcRefusal(request) ?? await app.fetch(request),
    routes: api.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`),
  };
}

function id(c: Context): number {
  return readId(c.req.param("id") ?? "");
}

function dateRange(c: Context, now: number): ReturnType<typeof parseDateRange> {
  return parseDateRange(c.req.query("start") ?? null, c.req.query("end") ?? null, now);
}

function expectedTag(c: Context): string | null {
  // What stands between may have weakened it.
  const tag = (c.req.header("if-match") ?? "*").replace(/^W\//, "");
  return tag === "*" ? null : tag;
}

function tagged(c: Context, mirror: Parameters<typeof mirrorToJson>[0]): Response {
  c.header("etag", fingerprint(mirror));
  return c.json(mirrorToJson(mirror));
}

/** Turns what an operation throws, a sentence for the operator, into an error with that code. */
function failed(code: ControlErrorCode): (error: unknown) => never {
  return (error) => {
    const message = messageOf(error);
    throw new ControlError(code, message, {}, { cause: error });
  };
}

/** The error to send: what nobody foresaw goes to the log and leaves no trace in the answer. */
function controlError(error: unknown, log: Log): ControlError {
  if (error instanceof ControlError) return error;
  if (error instanceof StoreUnavailableError) {
    return new ControlError("store_unavailable", `The store is unavailable: ${error.message}`);
  }
  if (error instanceof NoSuchMirrorError) return new ControlError("not_found", error.message);
  // The client went away, or the daemon stops.
  if (error instanceof Deno.errors.BadResource) {
    return new ControlError("invalid", "The request did not arrive whole");
  }
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  log.error(`Control API failed: ${detail}`);
  return new ControlError("internal", "Internal error: the daemon's log has the details");
}

function errorResponse(error: ControlError): Response {
  const headers = error.code === "unauthorized"
    ? { "www-authenticate": 'Bearer realm="mirrorbits"' }
    : {};
  return Response.json({ error }, { status: STATUS_OF[error.code], headers });
}
