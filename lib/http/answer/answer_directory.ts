import { renderDirectory } from "../pages/directory.ts";
import { frameFor } from "../pages/frame_for.ts";
import type { Answer } from "../render/answer.ts";
import { renderDirectoryJson } from "../render/directory_json.ts";
import { NO_CACHE, NO_SNIFF } from "../render/headers.ts";
import { renderMoved } from "../render/moved.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { DirectoryEntry } from "../request/repository.ts";
import type { HttpRequest } from "../request/request.ts";
import { shownEntries } from "../request/shown_entries.ts";
import type { AnswerContext } from "./answer_context.ts";
import { wantsJson } from "./wants_json.ts";

/** Largest index.html that is sent, in bytes. */
const MOST_INDEX = 4 * 1024 * 1024;

/** Bytes of a README that are shown. */
const MOST_README = 64 * 1024;

/** Entries whose mirrors are counted, at most: each may be a look into the store. */
const MOST_COUNTED = 1000;

/** Entries that are looked up at once. */
const AT_ONCE = 50;

const READMES = ["README", "README.txt", "README.md"];

/**
 * Answers with what is in a directory: its index.html, else a list.
 *
 * @param context what it works with
 * @param request what was asked
 * @param found the directory
 * @returns a 200; 301 to the path with its slash
 */
export async function answerDirectory(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): Promise<Answer> {
  const { state, directories, program } = context;
  const { path, query } = request;
  if (path !== "/" && !request.slash) return renderMoved(`${path}/`, queryOf(request));
  const real = found.type === "unindexed" ? found.path : path;
  const listed = await directories.list(real);
  const json = wantsJson(state.config, request);
  const shown = shownEntries(listed, real, state.excluded, query);
  const index = json ? undefined : fileCalled(["index.html"], shown.entries);
  if (index !== undefined && index.size <= MOST_INDEX) {
    const answer = await indexPage(context, index);
    if (answer !== null) return answer;
  }
  const mirrors = shown.entries.length <= MOST_COUNTED
    ? await countMirrors(context, shown.entries)
    : null;
  if (json) return renderDirectoryJson(path, shown, mirrors, query.pretty);
  const readme = await readmeText(context, shown.entries);
  return renderDirectory(program, await frameFor(state.config, request), {
    path,
    shown,
    mirrors,
    readme,
  });
}

/** What was asked besides, as a query. */
function queryOf({ query: { sort, page } }: HttpRequest): string {
  const parameters = new URLSearchParams();
  if (sort !== "") parameters.set("sort", sort);
  if (page > 1) parameters.set("page", `${page}`);
  return parameters.toString();
}

function fileCalled(
  names: readonly string[],
  entries: readonly DirectoryEntry[],
): DirectoryEntry | undefined {
  return entries.find(({ name, type }) => type === "file" && names.includes(name));
}

async function indexPage(
  { state, repository }: AnswerContext,
  { path }: DirectoryEntry,
): Promise<Answer | null> {
  const file = await repository.read(state.config.repository, path, MOST_INDEX);
  if (file === null || file.size > MOST_INDEX) return null;
  return {
    status: 200,
    headers: [["Content-Type", "text/html; charset=utf-8"], NO_CACHE, NO_SNIFF],
    body: file.bytes,
    tagged: true,
    compressible: true,
  };
}

async function readmeText(
  { state, repository }: AnswerContext,
  entries: readonly DirectoryEntry[],
): Promise<string> {
  const readme = fileCalled(READMES, entries);
  if (readme === undefined) return "";
  const file = await repository.read(state.config.repository, readme.path, MOST_README);
  return file === null ? "" : new TextDecoder().decode(file.bytes);
}

/** Counts the mirrors that carry each file, by its name; what the store does not say is left out. */
async function countMirrors(
  { finder }: AnswerContext,
  entries: readonly DirectoryEntry[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const files = entries.filter(({ type }) => type === "file");
  for (let start = 0; start < files.length; start += AT_ONCE) {
    await Promise.all(
      files.slice(start, start + AT_ONCE).map(async ({ name, path }) => {
        const found = await finder.find(path);
        if (found.type === "indexed") counts.set(name, found.indexed.copies.length);
      }),
    );
  }
  return counts;
}
