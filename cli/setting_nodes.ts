import { type Document, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { Setting } from "../lib/catalog/settings/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";
import { settingOf } from "./setting_text.ts";

/** Reads YAML. @throws {DocumentError} that names the line */
export function parseYamlDocument(text: string, lines = new LineCounter()): Document {
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document;
  throw new DocumentError(`Line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
}

/** Reads the settings of a map. @throws {DocumentError} when a key is none of them */
export function readSettings(
  document: Document,
  map: YAMLMap,
  settings: readonly Setting[],
): Map<Setting, unknown> {
  const values = new Map<Setting, unknown>();
  for (const { key, value } of map.items) {
    const setting = settingOf(isScalar(key) ? String(key.value) : String(key), settings);
    values.set(setting, readNode(document, setting, value));
  }
  return values;
}

function readNode(document: Document, setting: Setting, node: unknown): unknown {
  if (!isScalar(node)) return isNode(node) ? node.toJS(document) : "";
  const { type, source, value } = node;
  // A text may look like a number, a country like a truth value: the setting decides.
  if (type === "PLAIN") return setting.kind.parse(source ?? "");
  return setting.kind.verbatim ? value : setting.kind.parse(String(value).trim());
}
