import { assertEquals } from "@std/assert";
import { HttpThread } from "../../../lib/http/threads/thread.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("HttpThread tells its log what was taken in, and what went wrong", async () => {
  const said: string[] = [];
  const thread = new HttpThread<never>({
    side: {
      handler: () => Promise.reject(new Error("nobody asks")),
      receive: () => {
        throw new Error("No databases");
      },
    },
    measure: () => {
      throw new Error("Nobody measures");
    },
    send: ({ type }) => said.push(`sent ${type}`),
    log: { error: (message) => said.push(`error ${message}`), taken: () => said.push("taken") },
    close: () => Promise.resolve(),
    clock: new FakeClock(),
  });
  await thread.receive({ type: "logged" });
  await thread.receive({ type: "everything" });
  await thread.receive({ type: "ping" });
  assertEquals(said, ["taken", "error No databases", "sent pong"]);
});
