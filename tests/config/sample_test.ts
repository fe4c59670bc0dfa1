import { assert, assertEquals } from "@std/assert";
import { CONFIG_FIELDS, CONFIG_KEYS } from "../../lib/config/config_keys.ts";
import { parseConfigText } from "../../lib/config/config_text.ts";
import { defaults, loadConfig } from "../../lib/config/load_config.ts";
import { READY_KINDS, READY_SAMPLES } from "../../lib/config/ready_samples.ts";
import sample from "../../lib/config/sample.yaml" with { type: "text" };

Deno.test("The sample holds every key at its default", () => {
  const environment = { HOME: "/home/x" };
  const { config, warnings } = loadConfig({
    file: "sample",
    text: sample,
    environment,
    flags: {},
    workingDirectory: "/",
  });
  assertEquals(config, { ...defaults(environment), repository: "/srv/repository" });
  assertEquals(warnings, []);
  const written = Object.keys(parseConfigText(sample).value ?? {});
  assertEquals(written.sort(), CONFIG_FIELDS.map((field) => CONFIG_KEYS[field].name).sort());
});

Deno.test("The sample fits on a terminal", () => {
  for (const line of sample.split("\n")) assert(line.length <= 100, line);
});

Deno.test("READY_SAMPLES can be started with, and fit on a terminal", () => {
  assertEquals(Object.keys(READY_SAMPLES), [...READY_KINDS]);
  for (const [kind, text] of Object.entries(READY_SAMPLES)) {
    const environment = { HOME: "/home/x" };
    const options = { text, environment, flags: {}, workingDirectory: "/" };
    const { config, warnings } = loadConfig({ file: kind, ...options });
    assertEquals(warnings, [], kind);
    assertEquals(config.metadataSets.length > 0, kind !== "iso", kind);
    for (const line of text.split("\n")) assert(line.length <= 100, line);
  }
});
