import { assertEquals, assertThrows } from "@std/assert";
import { readVariable } from "../../lib/config/read_variable.ts";

Deno.test({
  name: "readVariable() takes what may not be read for not set, and asks nobody",
  permissions: { env: ["MIRRORBITS_ALLOWED"] },
  fn() {
    const environment = { get: (name: string) => `value of ${name}` };
    assertEquals(readVariable(environment, "MIRRORBITS_ALLOWED"), "value of MIRRORBITS_ALLOWED");
    assertEquals(readVariable(environment, "MIRRORBITS_DENIED"), undefined);
    const broken = {
      get(): string {
        throw new RangeError("broken");
      },
    };
    assertThrows(() => readVariable(broken, "MIRRORBITS_ALLOWED"), RangeError);
  },
});
