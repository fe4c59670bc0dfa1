import { assert, assertEquals } from "@std/assert";
import { CONFIG_FIELDS, CONFIG_KEYS } from "../../lib/config/config_keys.ts";
import { parseConfigText } from "../../lib/config/config_text.ts";
import { defaults, loadConfig } from "../../lib/config/load_config.ts";
import { SAMPLE_CONFIG } from "../../lib/config/sample.ts";

Deno.test("SAMPLE_CONFIG holds every key at its default", () => {
  const environment = { HOME: "/home/x" };
  const { config, warnings } = loadConfig({
    file: "sample",
    text: SAMPLE_CONFIG,
    environment,
    flags: {},
    workingDirectory: "/",
  });
  assertEquals(config, { ...defaults(environment), repository: "/srv/repository" });
  assertEquals(warnings, []);
  const written = Object.keys(parseConfigText(SAMPLE_CONFIG).value ?? {});
  assertEquals(written.sort(), CONFIG_FIELDS.map((field) => CONFIG_KEYS[field].name).sort());
});

Deno.test("SAMPLE_CONFIG fits on a terminal", () => {
  for (const line of SAMPLE_CONFIG.split("\n")) assert(line.length <= 100, line);
});
