import * as v from "valibot";
import type { Config } from "./config.ts";
import { CONFIG_FIELDS, CONFIG_KEYS } from "./config_keys.ts";
import { parseConfigText, type WrittenValue } from "./config_text.ts";
import { nearest } from "./nearest.ts";
import { unknownKeys } from "./unknown_keys.ts";
import { label, type PlaceOf, show } from "./written_place.ts";
import { environmentVariable } from "./environment_variable.ts";

/** What one source says: the keys that it gives, and what is wrong or odd about them. */
export interface ConfigLayer {
  /** The keys that have a value here. */
  readonly values: { -readonly [F in keyof Config]?: Config[F] };
  /** Why the configuration cannot be used, one sentence each. */
  readonly problems: string[];
  /** What should be looked at, one sentence each. */
  readonly warnings: string[];
}

/** Options of the command line that go before everything else. */
export interface ConfigFlags {
  /** `-repository` */
  readonly repository?: string | undefined;
  /** `-listen` */
  readonly listenAddress?: string | undefined;
}

/** Names of the options in messages. */
const FLAG_NAMES = { repository: "-repository", listenAddress: "-listen" } as const;

/** Variables that begin like ours and belong to the command line's client, not to the configuration. */
const CLIENT_VARIABLES = new Set([
  "MIRRORBITS_HOST",
  "MIRRORBITS_PORT",
  "MIRRORBITS_PASSWORD",
  "MIRRORBITS_USER",
]);

/** What Kubernetes and Docker set for a service of that name: they are nobody's misspelt key. */
const OF_A_SERVICE = /^MIRRORBITS_(SERVICE|PORT)_/;

/** What the names of our variables begin with. */
const PREFIX = "MIRRORBITS_";

const KEY_NAMES = CONFIG_FIELDS.map((field) => CONFIG_KEYS[field].name);

/**
 * Reads the configuration file.
 *
 * @param text YAML
 * @param file its name in messages
 */
export function fileLayer(text: string, file: string): ConfigLayer {
  const layer: ConfigLayer = { values: {}, problems: [], warnings: [] };
  const { value, problems, lineOf } = parseConfigText(text);
  const place: PlaceOf = (path) => `"${file}" line ${lineOf(path)}`;
  for (const { line, message } of problems) {
    layer.problems.push(`Cannot parse "${file}" line ${line}: ${message}`);
  }
  if (value === null || problems.length > 0) return layer;
  if (typeof value === "string" || Array.isArray(value)) {
    layer.problems.push(
      `Cannot parse ${place([])}: The file must hold lines like "Repository: /path", ` +
        `found ${show(value)}`,
    );
    return layer;
  }
  layer.warnings.push(...unknownKeys(value, KEY_NAMES, [], place));
  // In the order of the file, so that the problems are.
  for (const [name, written] of Object.entries(value)) {
    const field = CONFIG_FIELDS.find((field) => CONFIG_KEYS[field].name === name);
    if (field) readValue(field, written, place, layer);
  }
  return layer;
}

/**
 * Reads the environment variables. An empty one counts as unset: containers pass on variables that
 * nobody gave a value. Other names with the same prefix are ignored, unless they look misspelt.
 */
export function environmentLayer(
  environment: Readonly<Record<string, string | undefined>>,
): ConfigLayer {
  const layer: ConfigLayer = { values: {}, problems: [], warnings: [] };
  const variables = new Set(KEY_NAMES.map(environmentVariable));
  for (const field of CONFIG_FIELDS) {
    const variable = environmentVariable(CONFIG_KEYS[field].name);
    const text = environment[variable] ?? null;
    if (text === null || !CONFIG_KEYS[field].structured) {
      readValue(field, text, () => variable, layer);
      continue;
    }
    const { value, problems } = parseConfigText(text);
    for (const { message } of problems) {
      layer.problems.push(`Cannot parse ${variable}: ${message}`);
    }
    if (problems.length === 0) readValue(field, value, () => variable, layer);
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith(PREFIX) || variables.has(variable)) continue;
    if (OF_A_SERVICE.test(variable)) continue;
    // Others use the prefix too, so only what looks like one of ours is worth a word.
    const meant = CLIENT_VARIABLES.has(variable) ? null : nearestVariable(variable, variables);
    if (meant) {
      layer.warnings.push(`Unknown environment variable ${variable}, did you mean ${meant}?`);
    }
  }
  return layer;
}

function nearestVariable(variable: string, known: Iterable<string>): string | null {
  const meant = nearest(
    variable.slice(PREFIX.length),
    Array.from(known, (name) => name.slice(PREFIX.length)),
  );
  return meant && PREFIX + meant;
}

/** Reads the options of the command line. */
export function flagLayer(flags: ConfigFlags): ConfigLayer {
  const layer: ConfigLayer = { values: {}, problems: [], warnings: [] };
  for (const field of ["repository", "listenAddress"] as const) {
    readValue(field, flags[field] ?? null, () => FLAG_NAMES[field], layer);
  }
  return layer;
}

/** Reads one value; one that is empty leaves the key to the layers below. */
function readValue<F extends keyof Config>(
  field: F,
  written: WrittenValue,
  place: PlaceOf,
  layer: ConfigLayer,
): void {
  if (written === null || written === "") return;
  const { name, schema, secret, nested = [] } = CONFIG_KEYS[field];
  layer.warnings.push(...unknownKeys(written, nested, [name], place));
  const result = v.safeParse(schema, written);
  if (result.success) {
    layer.values[field] = result.output;
    return;
  }
  for (const issue of result.issues) {
    const path = [name, ...(issue.path ?? []).map((item) => item.key as string | number)];
    const hidden = secret === true || secret?.some((name) => path.includes(name));
    const what = issue.input === undefined
      ? `${label(path)} is missing`
      : `${label(path)} must be ${issue.message}, ` +
        `found ${hidden ? "something else" : show(issue.input)}`;
    layer.problems.push(`Cannot parse ${place(path)}: ${what}`);
  }
}
