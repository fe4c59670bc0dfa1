import { DocumentError } from "../document_error.ts";
import { defineCommand } from "../command.ts";
import { readDownloadLog } from "../download_log_reader.ts";
import { booleanFlag, fileFlag, listFlag, unsignedFlag, UsageError } from "../flags.ts";
import { readAssignments, type SettingChanges } from "../mirror_document.ts";
import { Simulation, type SimulationResult } from "../simulation.ts";
import { formatTable } from "../terminal/table.ts";

/** `simulate`: whom the clients of a log would be sent to. */
export default defineCommand({
  name: "simulate",
  group: "client",
  usage: "-log FILE [-set MIRROR.Key=Value …]",
  summary: "Tell what other settings would change",
  description: "Show the shares of mirrors in a download log, as they were and as they would be",
  flags: {
    json: booleanFlag("Print the numbers as JSON"),
    log: fileFlag("The download log; - is standard input"),
    seed: unsignedFlag("Seed of the draws", 1),
    set: listFlag("A setting that a mirror would have; may be repeated", "MIRROR.Key=Value"),
  },
  operands: [0, 0],
  details:
    "The daemon decides again about each redirect of the log, with its mirrors, copies and rules as\n" +
    "they are now, and the settings given. Nothing is changed. Lines without a full address, and files\n" +
    "that the index does not have any more, are counted and left out.",
  examples: [
    [
      "mirrorbits simulate -log /var/log/mirrorbits/downloads.log",
      "what the rules of now make of it",
    ],
    [
      "mirrorbits simulate -log downloads.log -set m1.Score=50 -set m2.MaxShare=20",
      "before an edit",
    ],
  ],
  run: async ({ flags: { json, log, seed, set } }, { client, output, openFile }) => {
    if (log === "") throw new UsageError("Missing option: -log FILE");
    const simulation = new Simulation(client, settingsOf(set), seed);
    await readDownloadLog(await openFile(log), (redirect) => simulation.add(redirect));
    const result = await simulation.end();
    if (json) output.json(result);
    else output.write(await resultText(result));
    return 0;
  },
});

/** `m1.Score=50`; names may have points in them, too. */
function settingsOf(assignments: readonly string[]): Record<string, SettingChanges> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const assignment of assignments) {
    const [, name, rest] = /^([^=]+)\.([^.=]+=[^]*)$/.exec(assignment) ?? [];
    if (name === undefined || rest === undefined) {
      throw new UsageError(`Expected MIRROR.Key=Value, found ${JSON.stringify(assignment)}`);
    }
    try {
      for (const [{ property }, value] of readAssignments([rest])) {
        (settings[name] ??= {})[property] = value;
      }
    } catch (error) {
      if (error instanceof DocumentError) throw new UsageError(error.message);
      throw error;
    }
  }
  return settings;
}

async function resultText(result: SimulationResult): Promise<string> {
  const { redirects, incomplete, unknown, fallbacks } = result;
  const tables = [["MIRROR", result.mirrors], ["COUNTRY", result.countries], [
    "CONTINENT",
    result.continents,
  ]] as const;
  const texts: string[] = [];
  for (const [head, shares] of tables) {
    const rows = shares.map(({ name, was, wouldBe }) => [
      name || "unknown",
      percent(was),
      percent(wouldBe),
      `${wouldBe >= was ? "+" : "-"}${Math.abs(wouldBe - was).toFixed(1)}`,
    ]);
    texts.push(await formatTable([[head, "WAS", "WOULD BE", "CHANGE"], ...rows]));
  }
  const facts = [
    `${redirects} redirects`,
    ...(incomplete > 0 ? [`${incomplete} without a full address, left out`] : []),
    ...(unknown > 0 ? [`${unknown} for files that the client does not get, left out`] : []),
    ...(fallbacks > 0 ? [`${fallbacks} that no mirror could serve now`] : []),
  ];
  return `${facts.join("; ")}\n\n${texts.join("\n")}`;
}

function percent(share: number): string {
  return `${share.toFixed(1)} %`;
}
