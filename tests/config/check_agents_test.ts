import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkAgents } from "../../lib/config/check_agents.ts";
import { ConfigError } from "../../lib/config/config_error.ts";

Deno.test("checkAgents() names every pattern that cannot be used", async () => {
  await checkAgents({ ignoreAgents: [] });
  await checkAgents({ ignoreAgents: ["bot\\b", "(?i)x"] });
  const error = await assertRejects(
    () => checkAgents({ ignoreAgents: ["ok", "(", "(.?){900}".repeat(3)] }),
    ConfigError,
  );
  assert(error instanceof ConfigError);
  assertEquals(error.problems, [
    'IgnoreAgents must be a list of regular expressions: "(" is none: missing closing ): `(`',
    `IgnoreAgents must be a list of regular expressions: "${"(.?){900}".repeat(3)}" is too large`,
  ]);
});
