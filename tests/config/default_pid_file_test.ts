import { assertEquals } from "@std/assert";
import { defaultPidFile } from "../../lib/config/default_pid_file.ts";

Deno.test("defaultPidFile() prefers XDG_RUNTIME_DIR", () => {
  assertEquals(
    defaultPidFile(new Map([["XDG_RUNTIME_DIR", "/run/user/7"]])),
    "/run/user/7/mirrorbits.pid",
  );
  assertEquals(defaultPidFile(new Map()), "/run/mirrorbits/mirrorbits.pid");
});
