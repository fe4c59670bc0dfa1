import { assertEquals } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
}

async function lockAt(path: string): Promise<Lock> {
  return JSON.parse(await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)));
}

const ofTests = Object.values(manifest.scopes["./tests/"]);

Deno.test("the lock file of the program names no package of the tests, and the other one does", async () => {
  const [program, tests] = [await lockAt("deno.lock"), await lockAt("tests/deno.lock")];
  assertEquals(ofTests.filter((one) => one in program.specifiers), []);
  // Else whoever starts the program from a checkout changes the file.
  const own = Object.values(manifest.imports).filter((one) => one.startsWith("npm:"));
  assertEquals(own.filter((one) => !(one in program.specifiers)), []);
  assertEquals(ofTests.filter((one) => !(one in tests.specifiers)), []);
});

Deno.test("both lock files have the program's packages alike", async () => {
  const [program, tests] = [await lockAt("deno.lock"), await lockAt("tests/deno.lock")];
  for (const [name, { integrity }] of Object.entries(program.npm)) {
    assertEquals(tests.npm[name]?.integrity, integrity, name);
  }
  for (const [specifier, version] of Object.entries(program.specifiers)) {
    assertEquals(tests.specifiers[specifier], version, specifier);
  }
});
