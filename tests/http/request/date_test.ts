import { assertEquals } from "@std/assert";
import { parseHttpDate } from "../../../lib/http/request/date.ts";

const FORMS = [
  "Sun, 22 Nov 2026 15:04:05 GMT",
  "Sunday, 22-Nov-26 15:04:05 GMT",
  "Sun Nov 22 15:04:05 2026",
];
const TIME = Date.UTC(2026, 10, 22, 15, 4, 5);

Deno.test("parseHttpDate() reads the three forms, and nothing else", () => {
  for (const text of FORMS) assertEquals(parseHttpDate(text), TIME, text);
  for (
    const text of ["", "2026-11-22T15:04:05Z", `${FORMS[0]} GMT`, "Sun, 31 Foo 2026 15:04:05 GMT"]
  ) {
    assertEquals(parseHttpDate(text), null, text);
  }
});

Deno.test("parseHttpDate() reads no day that does not exist", () => {
  const days = ["31 Feb 2037", "30 Feb 2028", "29 Feb 2027", "31 Apr 2026", "00 Jan 2026"];
  for (const day of [...days, "32 Dec 2026"]) {
    assertEquals(parseHttpDate(`Sun, ${day} 00:00:00 GMT`), null, day);
  }
  assertEquals(parseHttpDate("Sun Feb 31 00:00:00 2037"), null);
  assertEquals(parseHttpDate("Sunday, 29-Feb-27 00:00:00 GMT"), null);
  assertEquals(parseHttpDate("Sat, 22 Nov 2026 24:00:00 GMT"), null);
  assertEquals(parseHttpDate("Tue, 29 Feb 2028 00:00:00 GMT"), Date.UTC(2028, 1, 29));
  assertEquals(parseHttpDate("Sun Nov  1 00:00:00 2026"), Date.UTC(2026, 10, 1));
});

Deno.test("parseHttpDate() reads every form in UTC, wherever the machine is", async () => {
  const module = new URL("../../../lib/http/request/date.ts", import.meta.url);
  const code = `import { parseHttpDate } from "${module.href}";
    console.log(JSON.stringify(${JSON.stringify(FORMS)}.map(parseHttpDate)));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    env: { TZ: "Asia/Tokyo", NO_COLOR: "1" },
  }).output();
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [TIME, TIME, TIME]);
});
