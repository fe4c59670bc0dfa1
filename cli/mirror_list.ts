import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, stringify } from "yaml";
import { ALL_SETTINGS, type MirrorSettings } from "../lib/catalog/settings/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";
import type { SettingChanges } from "./mirror_document.ts";
import { parseYamlDocument, readSettings } from "./setting_nodes.ts";

/** A mirror of a list, as somebody wrote it. */
export interface ListedMirror {
  /** Where it stands in the document. */
  readonly line: number;
  /** By property; what is missing was not said. */
  readonly settings: SettingChanges;
}

/** What stands above a list of mirrors. */
const HEAD =
  '# Mirrors, to be read by "mirrorbits import". What a mirror leaves out stays as it is.\n';

/**
 * Makes the document of a set of mirrors.
 *
 * @param mirrors in the order of the list; properties that one lacks are left out
 */
export function mirrorList(
  mirrors: readonly Partial<MirrorSettings>[],
): { readonly Mirrors: readonly Readonly<Record<string, unknown>>[] } {
  return {
    Mirrors: mirrors.map((mirror) =>
      Object.fromEntries(
        ALL_SETTINGS.filter(({ property }) => Object.hasOwn(mirror, property)).map((
          { key, property, kind },
        ) => [key, kind.show(mirror[property])]),
      )
    ),
  };
}

/** Writes the document of a set of mirrors as YAML. */
export function formatMirrorList(mirrors: readonly Partial<MirrorSettings>[]): string {
  return HEAD + stringify(mirrorList(mirrors), { lineWidth: 0 });
}

/**
 * Reads the document of a set of mirrors, YAML or JSON.
 *
 * @throws {DocumentError} that names the line
 */
export function parseMirrorList(text: string): ListedMirror[] {
  const lines = new LineCounter();
  const document = parseYamlDocument(text, lines);
  const lineOf = (node: unknown): number => lines.linePos((node as Node).range?.[0] ?? 0).line;
  return entriesOf(document).map((entry) => {
    const line = lineOf(entry);
    if (!isMap(entry)) throw new DocumentError(`Line ${line}: a mirror is a map of its settings`);
    try {
      const values = [...readSettings(document, entry, ALL_SETTINGS)];
      const settings = Object.fromEntries(values.map(([{ property }, value]) => [property, value]));
      return { line, settings };
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      throw new DocumentError(`Mirror at line ${line}: ${error.message}`);
    }
  });
}

/** The entries below `Mirrors`, the only key of the document. */
function entriesOf({ contents }: Document): readonly unknown[] {
  const only = isMap(contents) && contents.items.length === 1 ? contents.items[0] : undefined;
  if (only && isScalar(only.key) && only.key.value === "Mirrors" && isSeq(only.value)) {
    return only.value.items;
  }
  throw new DocumentError('Expected a list of mirrors below the key "Mirrors"');
}
