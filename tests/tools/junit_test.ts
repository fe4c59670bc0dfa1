import { assertEquals } from "@std/assert";
import { failuresIn } from "./junit.ts";

function report(...failures: string[]): string {
  return `<testsuites tests="3" failures="2">
    <testsuite name="./x_test.ts">
      <testcase name="fine" classname="./x_test.ts" time="0.1" line="1" col="2"></testcase>
      <testcase name="skipped" classname="./x_test.ts" time="0.1"><skipped/></testcase>
      ${failures.join("\n")}
    </testsuite>
  </testsuites>`;
}

Deno.test("failuresIn() names what failed, with the first lines of why", () => {
  const why = Array.from({ length: 30 }, (_, line) => `line ${line} &lt;x&gt;`).join("\n");
  assertEquals(
    failuresIn(report(
      `<testcase name="a &amp; &apos;b&apos;" classname="./x_test.ts" time="1">
         <failure message="Uncaught Error: more">${why}</failure></testcase>`,
    )),
    [
      "FAILED ./x_test.ts => a & 'b'\n" +
      Array.from({ length: 8 }, (_, line) => `  line ${line} <x>`).join("\n"),
    ],
  );
});

Deno.test("failuresIn() counts what is over twenty", () => {
  const failures = Array.from(
    { length: 23 },
    (_, n) =>
      `<testcase name="t${n}" classname="./x_test.ts"><failure message="">no</failure></testcase>`,
  );
  const named = failuresIn(report(...failures));
  assertEquals(named.length, 21);
  assertEquals(named.at(-1), "FAILED 3 more");
});

Deno.test("failuresIn() names nothing where nothing failed", () => {
  assertEquals(failuresIn(report()), []);
  assertEquals(failuresIn(""), []);
});
