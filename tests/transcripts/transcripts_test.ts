import { assertEquals } from "@std/assert";
import { Harness } from "../cli/harness.ts";
import { fakeServices } from "../control/fake_services.ts";
import { DOCUMENTS } from "./documents.ts";
import { SETUPS } from "./setups.ts";
import { formatStep, parseTranscript, splitWords, type Step } from "./transcript.ts";

/** Rewrites the transcripts with what the program does now, for somebody to read the difference. */
const UPDATE = Deno.env.get("UPDATE_TRANSCRIPTS") === "1";

async function runStep(step: Step, harness: Harness): Promise<Step> {
  const [program, ...args] = splitWords(step.command);
  const edit = (text: string): string =>
    step.edits.reduce((edited, line) => {
      const [from = "", to = ""] = line.split(" => ");
      return edited.replace(from, to);
    }, text);
  const { exit, stdout, stderr } = await harness.run(args, {
    stdin: step.stdin,
    files: DOCUMENTS,
    env: program === "mirrorbits" ? {} : { MIRRORBITS_PASSWORD: "let me in, 100 %ä" },
    ...(step.edits.length > 0 ? { edit } : {}),
  });
  // The port is another at every run.
  const said = (text: string): string => text.replaceAll(`127.0.0.1:${harness.port}`, "{daemon}");
  return { ...step, stdout: said(stdout), stderr: said(stderr), exit };
}

for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`the program does what ${name} shows`, async () => {
    const file = new URL(name, import.meta.url);
    const text = await Deno.readTextFile(file);
    const services = await (SETUPS[name] ?? fakeServices)();
    await using harness = new Harness(services);
    const done: Step[] = [];
    for (const step of parseTranscript(text)) done.push(await runStep(step, harness));
    if (UPDATE) {
      const comment = text.slice(0, Math.max(text.search(/^\$ /m), 0));
      await Deno.writeTextFile(file, comment + done.map(formatStep).join("\n"));
    } else {
      assertEquals(done.map(formatStep), parseTranscript(text).map(formatStep));
    }
    // Whatever was refused was foreseen.
    assertEquals(services.log.lines.filter((line) => line.startsWith("error:")), []);
  });
}
