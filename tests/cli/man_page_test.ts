import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../cli/commands.ts";
import { manPage } from "../../cli/man_page.ts";

Deno.test("manPage() tells about every command", async () => {
  const page = manPage(await COMMANDS.all());
  const headings = [...page.matchAll(/^\.SS "([\w\\-]+)/gm)].map(([, name]) =>
    name!.replaceAll("\\-", "-")
  );
  assertEquals(headings, [...COMMANDS.names]);
  assertStringIncludes(page, "\\fB\\-start\\-date string\\fR");
  // A line that begins with a dot or a quote would be taken for a request.
  const requests = page.match(/^[.'][^\s]*/gm) ?? [];
  const known = [".TH", ".SH", ".SS", ".B", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".br"];
  assertEquals(requests.filter((request) => !known.includes(request)), []);
});
