import { Hono } from "hono";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, StoreUnavailableError } from "../store/store.ts";
import { ControlError, noSuchOperation, STATUS_OF } from "./api/control_error.ts";
import { streamResponse } from "./api/ndjson.ts";
import type { Operation } from "./api/operation.ts";
import { type OperationName, OPERATIONS } from "./api/operations.ts";
import { readInput } from "./api/read_input.ts";
import { API_ROOT } from "./api/wire.ts";
import { controlHandlers, type Handler, type StreamAnswer } from "./control_handlers.ts";
import type { ControlServices } from "./control_services.ts";
import { grpcRefusal } from "./grpc_refusal.ts";
import { guard } from "./guard.ts";
import { PasswordAttempts } from "./password_attempts.ts";

/** Who asks. */
export interface ControlClientInfo {
  readonly remoteAddr: Deno.Addr;
}

/** The control API. */
export interface ControlApp {
  /** Answers a request; never throws. */
  readonly fetch: (request: Request, client?: ControlClientInfo) => Promise<Response>;
}

/** Makes the control API: HTTP with JSON below {@linkcode API_ROOT}, described by OpenAPI. */
export function createControlApp(services: ControlServices): ControlApp {
  const handlers = controlHandlers(services);
  const toError = (error: unknown): ControlError => controlError(error, services.log);

  const api = new Hono();
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method, path] = name.split(" ") as [string, string];
    const handle = handlers[name as OperationName] as Handler<unknown, unknown>;
    api.on(method, path.replace("{id}", ":id"), async (c) => {
      const parts = { request: c.req.raw, id: c.req.param("id"), query: c.req.query() };
      c.status(operation.status ?? 200);
      const answer = await handle(await readInput(operation, parts), c);
      if (answer instanceof Response) return answer;
      if (typeof answer !== "function") return c.json(answer as object);
      return streamResponse(answer as StreamAnswer<unknown>, toError, services);
    });
  }

  const attempts = new PasswordAttempts(services);
  const app = new Hono<{ Bindings: { readonly address: string } }>();
  app.use(async (c, next) => {
    await attempts.judge(c.env.address, () => guard(c.req.raw, services.config()));
    await next();
    // Compressed answers would have weak entity tags, and lines of progress would come late.
    c.header("cache-control", "no-store, no-transform");
    c.header("x-content-type-options", "nosniff");
  });
  app.route(API_ROOT, api);
  app.get("/metrics", async (c) => {
    const { contentType, body } = await services.metrics(c.req.header("accept") ?? null);
    return c.body(body, 200, { "content-type": contentType, vary: "Accept" });
  });
  app.notFound((c) => {
    const what = `${c.req.method} ${c.req.path}`;
    return errorResponse(new ControlError("not_found", noSuchOperation(what)));
  });
  app.onError((error) => errorResponse(toError(error)));
  return {
    fetch: async (request, client) => {
      const address = client && "hostname" in client.remoteAddr ? client.remoteAddr.hostname : "";
      return grpcRefusal(request) ?? await app.fetch(request, { address });
    },
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
