import { requirePermission } from "../../config/require_permission.ts";
import { messageOf } from "../../log/message_of.ts";
import { PAGE_PLACEHOLDERS, PAGE_REQUIRED, PART_PLACEHOLDERS } from "./embedded_frame.ts";
import {
  NO_TEMPLATES,
  type PageTemplates,
  type TemplateLanguage,
} from "../../config/page_templates.ts";
import { readTemplate } from "./template.ts";

/** What was found in a directory of templates. */
export interface LoadedTemplates {
  /** What can be used; the embedded pages take the place of the rest. */
  readonly templates: PageTemplates;
  /** What cannot be used, and why; one sentence for each file. */
  readonly warnings: readonly string[];
}

const LOGOS: Readonly<Record<string, string>> = {
  "logo.svg": "image/svg+xml",
  "logo.png": "image/png",
  "logo.webp": "image/webp",
};

/** Bytes of a file; every page carries all of them. */
const LARGEST = 65_536;

/** Languages that an operator may add; every page links to each. */
const MOST_LANGUAGES = 20;

/** Files of the original's directory. */
const ORIGINAL = ["base.html", "mirrorlist.html", "mirrorstats.html"];

/** What a style may not do: end the element that it stands in, or load something. */
const FOREIGN_STYLE = /<\/style|@import|url\(\s*["']?(?!data:|["']?data:|#)/i;

/**
 * Reads the files that an operator puts around the pages. What is not there is not missed; what is
 * broken is not used.
 *
 * @param directory the directory in `Templates`; `null`: there is none
 * @returns what can be used, and what is wrong with the rest
 */
export async function loadPageTemplates(directory: string | null): Promise<LoadedTemplates> {
  if (directory === null) return { templates: NO_TEMPLATES, warnings: [] };
  const warnings: string[] = [];
  const names = await namesIn(directory, warnings);
  const read = async <T>(
    name: string,
    convert: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>,
  ): Promise<T | null> => {
    if (!names.has(name)) return null;
    const path = `${directory}/${name}`;
    try {
      const bytes = await Deno.readFile(path);
      if (bytes.length > LARGEST) throw new Error(`It has more than ${LARGEST} bytes`);
      return await convert(bytes);
    } catch (error) {
      warnings.push(
        `Cannot use the template "${path}", the embedded one is used: ${messageOf(error)}`,
      );
      return null;
    }
  };
  const logo = Object.keys(LOGOS).find((name) => names.has(name)) ?? "logo.svg";
  const templates: PageTemplates = {
    page: await read("page.html", (bytes) => html(bytes, PAGE_PLACEHOLDERS, PAGE_REQUIRED)),
    header: await read("header.html", (bytes) => html(bytes, PART_PLACEHOLDERS)),
    footer: await read("footer.html", (bytes) => html(bytes, PART_PLACEHOLDERS)),
    style: await read("style.css", style) ?? "",
    logo: await read(logo, (bytes) => `data:${LOGOS[logo]};base64,${bytes.toBase64()}`),
    languages: await languages(names, read),
  };
  const foreign = ORIGINAL.filter((name) => names.has(name));
  if (foreign.length > 0) {
    warnings.push(
      `The templates ${
        foreign.map((name) => `"${name}"`).join(", ")
      } in "${directory}" are written ` +
        "for the original and not used; page.html, header.html, footer.html, style.css and logo.svg are",
    );
  }
  return { templates, warnings };
}

/** Reads what is called `language.TAG.json`, in order of the names. */
async function languages(
  names: ReadonlySet<string>,
  read: <T>(
    name: string,
    convert: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>,
  ) => Promise<T | null>,
): Promise<TemplateLanguage[]> {
  const found: TemplateLanguage[] = [];
  for (const name of [...names].sort()) {
    const [, tag] = /^language\.([\w-]+)\.json$/.exec(name) ?? [];
    if (tag === undefined) continue;
    const language = await read(name, async (bytes) => {
      if (found.length >= MOST_LANGUAGES) {
        throw new Error(`There are more than ${MOST_LANGUAGES} languages`);
      }
      // Few have one, and it brings all texts with it: a start need not wait for them.
      const { readLanguage } = await import("./words/read_language.ts");
      return readLanguage(tag, decode(bytes));
    });
    if (language !== null) found.push(language);
  }
  return found;
}

async function namesIn(directory: string, warnings: string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  try {
    requirePermission({ name: "read", path: directory });
    for await (const { name } of Deno.readDir(directory)) names.add(name);
  } catch (error) {
    warnings.push(
      `Cannot read the templates in "${directory}", the embedded pages are used: ${
        messageOf(error)
      }`,
    );
  }
  return names;
}

function html<Name extends string>(
  bytes: Uint8Array<ArrayBuffer>,
  names: readonly Name[],
  required: readonly Name[] = [],
): string {
  const text = decode(bytes);
  readTemplate(text, names, required);
  return text;
}

function style(bytes: Uint8Array<ArrayBuffer>): string {
  const text = decode(bytes);
  const foreign = FOREIGN_STYLE.exec(text)?.[0];
  if (foreign !== undefined) {
    throw new Error(`"${foreign}" is not possible: a page loads nothing from outside`);
  }
  return text;
}

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("It is not UTF-8");
  }
}
