import type { RulesJson } from "../../lib/control/api/explain_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";
import { formatTable } from "../terminal/table.ts";

/** `rules`: what the rules of the configuration do. */
export default defineCommand({
  name: "rules",
  group: "client",
  usage: "test -from IP [PATH]",
  summary: "Try the rules of the configuration",
  description: "Show what each rule does for a client",
  flags: {
    from: stringFlag("Address of the client"),
    json: booleanFlag("Print everything as JSON"),
  },
  operands: [1, 2],
  completes: [["test"]],
  details:
    "With a path only mirrors that have the file are shown. Names and tags that nobody has are\n" +
    "warned of.",
  examples: [["mirrorbits rules test -from 192.0.2.1", "which rule keeps whom from a client"]],
  run: async ({ flags: { from, json }, operands: [what = "", path] }, { client, output }) => {
    if (what !== "test") throw new UsageError(`Expected test, found ${JSON.stringify(what)}`);
    if (from === "") throw new UsageError("Missing option: -from ADDRESS");
    const tested = await client.testRules(from, path ?? null);
    if (json) output.json(tested);
    else output.write(await rulesText(tested, output.columns));
    return 0;
  },
});

async function rulesText(tested: RulesJson, columns?: number): Promise<string> {
  const { client, refused, rules, warnings } = tested;
  const { address, countryCode, continentCode, asNumber } = client;
  const place = [
    ...(countryCode === "" ? [] : [countryCode]),
    ...(continentCode === "" ? [] : [`@${continentCode}`]),
    ...(asNumber === 0 ? [] : [`AS${asNumber}`]),
  ];
  const refusal = refused === null
    ? ""
    : `Refused with status ${refused.status} by Refuse entry ${refused.number}\n`;
  const rows = rules.map(({ number, use, client, mirrors, decides }) => [
    `${number}`,
    use,
    client ? "yes" : "no",
    mirrors.join(" ") || "-",
    decides.join(" ") || "-",
  ]);
  const head = ["RULE", "USE", "CLIENT", "MIRRORS", "DECIDES FOR"];
  const table = rows.length === 0
    ? "There are no rules.\n"
    : await formatTable([head, ...rows], columns);
  return `Client ${address}: ${place.join(" ") || "of unknown place"}\n${refusal}${
    warnings.map((warning) => `Warning: ${warning}\n`).join("")
  }${table}`;
}
