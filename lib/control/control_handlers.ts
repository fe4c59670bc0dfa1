import type { Context } from "hono";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorJson } from "./api/mirror_schemas.ts";
import type { RolloutJson } from "./api/release_schemas.ts";
import type { AnswerOf, InputOf, OperationName, StreamName } from "./api/operations.ts";
import type { ControlServices } from "./control_services.ts";
import { scanOverdue } from "../catalog/scan_overdue.ts";
import { cleanPath } from "../catalog/clean_path.ts";
import { validFamilies } from "../catalog/families.ts";
import { userOf } from "./user_header.ts";
import { messageOf } from "../log/message_of.ts";
import { parseAddress } from "../net/address_range.ts";
import { pruneStats } from "../stats/prune_stats.ts";
import { statisticsCsv } from "../stats/statistics_csv.ts";
import { API_ROOT, AS_OF } from "./api/wire.ts";
import { ControlError, type ControlErrorCode } from "./api/control_error.ts";
import { newerEvents } from "./newer_events.ts";
import { parseDateRange } from "./date_range.ts";
import { differencesToJson } from "./differences_json.ts";
import { eventToJson } from "./event_json.ts";
import { HoldService } from "./hold_service.ts";
import { fingerprint } from "./fingerprint.ts";
import { mirrorToJson } from "./mirror_json.ts";
import { locationSettings } from "./mirror_location.ts";
import { MirrorService } from "./mirror_service.ts";
import { wouldBe } from "./would_be.ts";
import { rolloutToJson } from "./rollout_json.ts";
import { quotasOf } from "./quota_service.ts";
import { type ScanObserver, ScanService } from "./scan_service.ts";
import { SetService } from "./set_service.ts";
import { StatsService } from "./stats_service.ts";

/** Carries an operation out. Headers, and a status that is not the usual one, go to the context. */
export type Handler<Input, Answer> = (
  input: Input,
  c: Context,
) => Answer | Response | Promise<Answer | Response>;

/** Carries a long operation out, telling how far it is. */
export type StreamAnswer<Result> = (observer: ScanObserver) => Promise<Result>;

/** What carries each operation out. */
export type ControlHandlers = {
  readonly [K in OperationName]: Handler<
    InputOf<K>,
    K extends StreamName ? StreamAnswer<AnswerOf<K>> : AnswerOf<K>
  >;
};

/** Connects every operation of the control API with what does it. */
export function controlHandlers(services: ControlServices): ControlHandlers {
  const { store, now } = services;
  const mirrors = new MirrorService(services);
  const sets = new SetService(services);
  const holds = new HoldService(services);
  const scans = new ScanService(services.scans, mirrors, {
    prunePieces: services.prunePieces,
    // A metadata set and scans of the source keep the same ones, each in its own way.
    forgetRevisions: async (path) =>
      Math.max(await store.forgetRevisions(path), await sets.forgetFormer(path)),
  }, services);
  const stats = new StatsService(store);
  const rollout = async (path: string, watch: boolean): Promise<RolloutJson> => {
    const found = await services.rollout(path, watch);
    if (found !== null) return rolloutToJson(path, found);
    throw new ControlError("not_found", `The index has nothing at ${JSON.stringify(path)}`);
  };
  const toJson = (mirror: MirrorRecord): MirrorJson => {
    const families = validFamilies(mirror.families, now(), services.config().checkInterval);
    return mirrorToJson({ ...mirror, families });
  };
  const tagged = (c: Context, mirror: MirrorRecord): MirrorJson => {
    c.header("etag", fingerprint(mirror));
    return toJson(mirror);
  };

  return {
    // Nearly nobody asks for it, and the start does not wait for what makes it.
    "GET /openapi.json": async () => (await import("./api/openapi.ts")).openApiDocument(),
    "GET /version": () => services.version,
    "GET /health": async (_input, c) => {
      const health = await services.health();
      if (!health.well) c.status(503);
      return health;
    },
    "GET /explain": async ({ query: { path, from = null, https = false, seed = 1 } }) => {
      requireAddress(from);
      const explanation = await services.choices.explain({ path, from, https, seed });
      if (explanation !== null && typeof explanation !== "string") return explanation;
      const name = JSON.stringify(path);
      const why = explanation === null
        ? `The index has no file ${name}`
        : explanation === "held"
        ? `This client gets a 404: ${name} is held back`
        : `Everybody gets a 404: ${name} is excluded by the configuration`;
      throw new ControlError("not_found", why);
    },
    "GET /rules": async ({ query: { from, path = null } }) => {
      requireAddress(from);
      const tested = await services.choices.testRules(from, path);
      if (tested !== null) return tested;
      throw new ControlError("not_found", `The index has no file ${JSON.stringify(path)}`);
    },
    "POST /simulate": async ({ body: { settings, requests, seed } }) =>
      await services.choices.simulate(
        requests,
        (all) => wouldBe(all, settings),
        seed,
      ),
    "GET /geoip": async ({ query: { address = null } }) => {
      requireAddress(address, "address");
      return await services.geoip.report(address);
    },
    "POST /geoip/update": async () => await services.geoip.update(),
    "GET /nodes": async () => await services.nodes(),
    "GET /mirrors/quotas": async () => ({ mirrors: await quotasOf(store, now()) }),
    "GET /mirrors": async ({ query }) => {
      const listed = await mirrors.list(query, query.remembered);
      const { staleAfter, scanInterval } = services.config();
      return {
        mirrors: listed.mirrors.map(toJson),
        asOf: isoTime(listed.asOf),
        staleAfter: staleAfter * 60_000,
        scanOverdue: scanOverdue(scanInterval),
      };
    },
    "POST /mirrors": async ({ settings }, c) => {
      const { mirror, located, warnings } = await mirrors.add(settings, by(c));
      c.header("location", `${API_ROOT}/mirrors/${mirror.id}`);
      return {
        mirror: toJson(mirror),
        location: located.location,
        warnings: [...located.warnings, ...warnings],
      };
    },
    "GET /mirrors/match": async ({ query }, c) => {
      const { mirror, asOf } = await mirrors.match(query.name, query.remembered);
      if (asOf !== null) c.header(AS_OF, isoTime(asOf)!);
      return tagged(c, mirror);
    },
    "GET /mirrors/{id}": async ({ id }, c) => tagged(c, await mirrors.get(id)),
    "PATCH /mirrors/{id}": async ({ id, settings, tag }, c) => {
      return tagged(c, await mirrors.edit(id, settings, tag, by(c)));
    },
    "DELETE /mirrors/{id}": async ({ id, tag }) => toJson(await mirrors.remove(id, tag)),
    "POST /mirrors/{id}/enable": async ({ id }, c) => toJson(await mirrors.enable(id, true, by(c))),
    "POST /mirrors/{id}/disable": async ({ id, body: { from, until, reason } }, c) => {
      const now = from === undefined && until === undefined && reason === undefined;
      if (now) return toJson(await mirrors.enable(id, false, by(c)));
      return toJson(
        await mirrors.plan(id, {
          from: from === undefined ? services.now() : momentOf(from),
          until: until === undefined ? null : momentOf(until),
          reason: (reason ?? "").replaceAll(/\s+/g, " ").trim(),
        }, by(c)),
      );
    },
    "POST /mirrors/{id}/notes": async ({ id, body: { text } }, c) =>
      toJson(await mirrors.note(id, text, by(c))),
    "POST /mirrors/{id}/scan": async ({ id, body }) => {
      await mirrors.get(id);
      return (observer) => scans.scanMirror(id, body, observer);
    },
    "POST /mirrors/{id}/listing": async ({ id, text }) => {
      await mirrors.get(id);
      return (observer) => scans.takeListing(id, text, observer);
    },
    "GET /mirrors/{id}/location": async ({ id }) => {
      const located = await mirrors.locate(id);
      const { location, warnings } = located;
      return { location, warnings, settings: locationSettings(located) };
    },
    "POST /events/newer": async ({ body: { known, limit } }) => ({
      mirrors: await newerEvents(store, new Map(Object.entries(known)), limit),
    }),
    "GET /mirrors/{id}/events": async ({ id, query }) => {
      return { events: (await mirrors.events(id, query.limit)).map(eventToJson) };
    },
    "GET /mirrors/{id}/files": async ({ id, query }) => {
      const mirror = await mirrors.get(id);
      if (mirror.lastSuccessfulSync === null) {
        throw new ControlError("not_indexed", "The mirror has not been scanned yet");
      }
      return differencesToJson(await services.differences(mirror, query));
    },
    "GET /mirrors/{id}/stats": async ({ id, query }) => {
      const range = parseDateRange(query.start ?? null, query.end ?? null, now());
      const { name, status } = toJson(await mirrors.get(id));
      return { name, status, ...range, ...await stats.mirror(id, range) };
    },
    "GET /stats": async ({ query }, c) => {
      const { from = null, to = null, by, files, csv } = query;
      const { signal } = c.req.raw;
      const range = parseDateRange(from, to, now());
      const statistics = await stats.all({ range, files, signal, now: now(), ...by && { by } });
      return csv === undefined ? statistics : csvResponse(statisticsCsv(statistics, csv));
    },
    "GET /stats/mirrors": async ({ query: { from = null, to = null, by } }) =>
      await stats.bySteps(parseDateRange(from, to, now()), by),
    "POST /stats/prune": async ({ body: { dryRun } }, c) => {
      const { keepStats } = services.config();
      return await pruneStats(store, { keepStats, now: now(), dryRun, signal: c.req.raw.signal });
    },
    "GET /stats/files": async ({ query }, c) => {
      const range = parseDateRange(query.start ?? null, query.end ?? null, now());
      return { ...await stats.files(query.pattern, range, c.req.raw.signal), ...range };
    },
    "POST /source/scan": ({ body }) => (observer) => scans.scanSource(body, observer),
    "GET /sets": () => sets.list(),
    "POST /sets/require": ({ body: { path, minutes } }) => sets.require(pathOf(path), minutes),
    "GET /rollout": ({ query: { path } }) => rollout(pathOf(path), false),
    "POST /rollout/watch": ({ body: { path } }) => rollout(pathOf(path), true),
    "GET /holds": async () => ({ holds: await holds.list() }),
    "POST /holds": ({ body: { path, networks = [] } }) => holds.hold(pathOf(path), networks),
    "POST /holds/release": async ({ body: { path } }) => ({
      released: await holds.release(pathOf(path)),
    }),
    "POST /source/forget": async ({ body: { path } }) => {
      const name = pathOf(path);
      const [kept] = await store.notes.get("gone", [name]);
      if (typeof kept === "string") await store.notes.change("gone", { removed: [name] });
      return { forgotten: typeof kept === "string" };
    },
    "POST /check": async ({ body: { url } }, c) => await services.checkUrl(url, c.req.raw.signal),
    "POST /notify/test": async ({ body: { receiver } }) => {
      const tested = await services.testNotify(receiver);
      if (tested !== null) return tested;
      throw new ControlError("not_found", `The configuration has no Notify entry ${receiver}`);
    },
    "POST /reload": async () => await services.reload().catch(failed("reload_failed")),
    "POST /upgrade": async () => {
      if (!services.upgrade) {
        throw new ControlError(
          "upgrade_failed",
          "This daemon cannot be upgraded while it runs: stop it and start the new program",
        );
      }
      const { pid } = await services.upgrade().catch(failed("upgrade_failed"));
      return { pid };
    },
  };
}

function csvResponse(text: string): Response {
  return new Response(text, { headers: { "content-type": "text/csv; charset=utf-8" } });
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** @throws {ControlError} */
function requireAddress(text: string | null, name = "from"): void {
  if (text === null || parseAddress(text) !== null) return;
  const message = `${name} must be an IP address, found ${JSON.stringify(text)}`;
  throw new ControlError("invalid", message);
}

/** @throws ControlError for what is no path of the repository */
function pathOf(text: string): string {
  if (text.startsWith("/")) return cleanPath(text);
  throw new ControlError("invalid", `Not a path of the repository: ${JSON.stringify(text)}`);
}

/** @throws {ControlError} for what looks like a time and is none */
function momentOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new ControlError("invalid", `There is no such time: ${JSON.stringify(text)}`);
}

/** Who asks. */
function by(c: Context): string {
  const { address = "" } = c.env as { readonly address?: string };
  return userOf(c.req.raw.headers, address);
}

/** Turns what an operation throws, a sentence for the operator, into an error with that code. */
function failed(code: ControlErrorCode): (error: unknown) => never {
  return (error) => {
    throw new ControlError(code, messageOf(error), {}, { cause: error });
  };
}
