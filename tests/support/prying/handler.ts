import * as original from "../../../lib/http/answer/handler.ts";
import type { HandlerOptions } from "../../../lib/http/answer/handler_options.ts";
import { pry } from "../pry.ts";

export type { Handler } from "../../../lib/http/answer/handler.ts";

/** The handler of requests with a hole: whoever sends attempts to `/pry` has them made. */
export function createHandler(options: HandlerOptions): original.Handler {
  const handler = original.createHandler(options);
  return (request, info) =>
    new URL(request.url).pathname === "/pry"
      ? request.json().then(pry).then((outcomes) => Response.json(outcomes))
      : handler(request, info);
}
