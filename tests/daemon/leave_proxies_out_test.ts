import { assertEquals } from "@std/assert";
import { PROXY_VARIABLES } from "../../lib/config/proxy_variables.ts";
import { leaveProxiesOut } from "../../lib/daemon/leave_proxies_out.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("leaveProxiesOut() forgets every proxy that the environment names", () => {
  const deleted: string[] = [];
  leaveProxiesOut({ delete: (name) => deleted.push(name) });
  assertEquals(deleted, [...PROXY_VARIABLES]);
});

Deno.test("leaveProxiesOut() touches nothing for which Deno would ask", async () => {
  await using directory = await tempDir();
  const script = `${directory.path}/script.ts`;
  const module = import.meta.resolve("../../lib/daemon/leave_proxies_out.ts");
  await Deno.writeTextFile(
    script,
    `import { leaveProxiesOut } from ${JSON.stringify(module)};\n` +
      "leaveProxiesOut({ delete: (name) => console.log(name) });\n",
  );
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", "--allow-env=HTTP_PROXY", script],
    stdin: "null",
    stderr: "inherit",
  }).output();
  assertEquals([success, new TextDecoder().decode(stdout)], [true, "HTTP_PROXY\n"]);
});
