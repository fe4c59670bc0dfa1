import type { ControlServices } from "../../../lib/control/control_services.ts";
import * as original from "../../../lib/control/server.ts";
import { pry } from "../pry.ts";
import { askMain } from "./main_thread.ts";

export type { ControlApp } from "../../../lib/control/server.ts";

/** The control API with holes: into its own thread at `/pry`, into the main thread at `/main`. */
export function createControlApp(services: ControlServices): original.ControlApp {
  const app = original.createControlApp(services);
  return {
    ...app,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/pry") return Response.json(await pry(await request.json()));
      if (pathname === "/main") return Response.json(await askMain(await request.json()));
      return await app.fetch(request);
    },
  };
}
