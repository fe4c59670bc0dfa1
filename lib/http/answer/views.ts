import type { AnswerKind } from "../../stats/answer_kind.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { HttpConfig } from "../request/config.ts";
import type { MetalinkVersion } from "../request/metalink_wishes.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import type { TorrentWord } from "./answer_torrent.ts";
import { answerChecksum } from "./answer_checksum.ts";
import { lateAnswer } from "./late_answer.ts";

/** Something about the server, or a path as it is written, which need not exist. */
export interface ServerView {
  readonly of: "server";
  /** What its answers count as. */
  readonly counts: AnswerKind;
  readonly fromIp?: never;
  readonly on?: (config: HttpConfig) => boolean;
  readonly local?: never;
  readonly ending?: never;
  readonly describes?: never;
  answer(context: AnswerContext, request: HttpRequest): MaybePromise<Answer>;
}

/** Something about a path of the repository; one that is missing or forbidden is refused before. */
export interface FileView {
  readonly of: "file";
  /** What its answers count as. */
  readonly counts: AnswerKind;
  /** Whether `fromip` says who asks: what only shows may be shown to anyone. */
  readonly fromIp?: true;
  /** Whether only those on this machine may ask for it, who ask for themselves. */
  readonly local?: (config: HttpConfig) => boolean;
  /** Whether it is switched on; absent: always. */
  readonly on?: (config: HttpConfig) => boolean;
  /** Content type of what describes a file, named on redirects to clients that want to know. */
  readonly describes?: string;
  /** Whether the word is an ending, too: `FILE.word` is `FILE?word` where there is no such file. */
  readonly ending?: true;
  answer(
    context: AnswerContext,
    request: HttpRequest,
    found: OfferedFile,
  ): MaybePromise<Answer>;
}

/** Something about a directory and all that is below it; on a file it is a word like any other. */
export interface DirectoryView {
  readonly of: "directory";
  /** What its answers count as. */
  readonly counts: AnswerKind;
  /** Nobody is moved before it is known that it is a directory. */
  readonly fromIp?: never;
  readonly on?: never;
  readonly local?: never;
  readonly ending?: never;
  readonly describes?: never;
  /** @param directory its path, links followed */
  answer(
    context: AnswerContext,
    request: HttpRequest,
    directory: string,
  ): MaybePromise<Answer>;
}

/** What a word of the query asks for in place of the file. */
export type View = DirectoryView | FileView | ServerView;

const mirrorList = lateAnswer(async () =>
  (await import("./answer_mirror_list.ts")).answerMirrorList
);
const fileStats = lateAnswer(async () => (await import("./answer_file_stats.ts")).answerFileStats);
const mirrorStats = lateAnswer(async () =>
  (await import("./answer_mirror_stats.ts")).answerMirrorStats
);
const metalinkIn = (version: MetalinkVersion): FileView["answer"] =>
  lateAnswer(async () => (await import("./answer_metalink.ts")).answerMetalink(version));
const torrentAs = (form: TorrentWord): FileView["answer"] =>
  lateAnswer(async () => (await import("./answer_torrent.ts")).answerTorrent(form));
const zsyncAnswer = lateAnswer(async () => (await import("./answer_zsync.ts")).answerZsync);
const mirrors = lateAnswer(async () => (await import("./answer_mirrors.ts")).answerMirrors);
const badge = lateAnswer(async () => (await import("./answer_badge.ts")).answerBadge);
const setup = lateAnswer(async () => (await import("./answer_setup.ts")).answerSetup);
const rollout = lateAnswer(async () => (await import("./answer_rollout.ts")).answerRollout);
const explain = lateAnswer(async () => (await import("./answer_explain.ts")).answerExplain);

/**
 * The words, in order of precedence for a query that has several. A new form of answer is one row here
 * and one file in `render/`. What few ask for is loaded when somebody does.
 */
export const VIEWS: ReadonlyMap<string, View> = new Map<string, View>([
  ["mirrorlist", { of: "file", counts: "list", fromIp: true, answer: mirrorList }],
  ["stats", { of: "server", counts: "stats", on: publicStats, answer: fileStats }],
  ["mirrorstats", { of: "server", counts: "stats", on: publicStats, answer: mirrorStats }],
  ["md5", { of: "file", counts: "checksum", answer: answerChecksum("md5") }],
  ["sha1", { of: "file", counts: "checksum", answer: answerChecksum("sha1") }],
  ["sha256", { of: "file", counts: "checksum", answer: answerChecksum("sha256") }],
  ["meta4", {
    of: "file",
    counts: "metalink",
    on: metalink,
    ending: true,
    describes: "application/metalink4+xml",
    answer: metalinkIn(4),
  }],
  ["metalink", {
    of: "file",
    counts: "metalink",
    on: metalink,
    ending: true,
    answer: metalinkIn(3),
  }],
  ["torrent", {
    of: "file",
    counts: "torrent",
    on: torrents,
    ending: true,
    describes: "application/x-bittorrent",
    answer: torrentAs("torrent"),
  }],
  ["magnet", {
    of: "file",
    counts: "torrent",
    on: torrents,
    ending: true,
    answer: torrentAs("magnet"),
  }],
  ["btih", {
    of: "file",
    counts: "torrent",
    on: torrents,
    ending: true,
    answer: torrentAs("btih"),
  }],
  ["zsync", { of: "file", counts: "file", on: zsync, ending: true, answer: zsyncAnswer }],
  ["mirrors", { of: "directory", counts: "list", answer: mirrors }],
  ["badge", { of: "directory", counts: "list", answer: badge }],
  ["rollout", { of: "file", counts: "list", answer: rollout }],
  ["setup", { of: "directory", counts: "list", answer: setup }],
  ["explain", {
    of: "file",
    counts: "list",
    fromIp: true,
    on: ({ explain }) => explain !== "none",
    local: ({ explain }) => explain === "loopback",
    answer: explain,
  }],
]);

function publicStats(config: HttpConfig): boolean {
  return config.publicStats !== "none";
}

function metalink(config: HttpConfig): boolean {
  return config.metalink;
}

function torrents(config: HttpConfig): boolean {
  return config.torrents;
}

function zsync(config: HttpConfig): boolean {
  return config.zsync;
}

const wordsByConfig = new WeakMap<HttpConfig, readonly string[]>();

/**
 * Lists what can be asked for: what is switched off is a word like any other.
 *
 * @param config what is switched on
 * @returns the words, in order of precedence
 */
export function wordsIn(config: HttpConfig): readonly string[] {
  let words = wordsByConfig.get(config);
  if (words === undefined) {
    words = [...VIEWS].flatMap(([word, { on }]) => on === undefined || on(config) ? [word] : []);
    wordsByConfig.set(config, words);
  }
  return words;
}

/** Words that describe a file, with the content types of what they give. */
type Descriptions = readonly (readonly [word: string, type: string])[];

const descriptionsByConfig = new WeakMap<HttpConfig, Descriptions>();

/**
 * Lists what redirects name as descriptions of a file (RFC 6249 §4).
 *
 * @param config what is switched on
 * @returns words and content types
 */
export function describedBy(config: HttpConfig): Descriptions {
  let descriptions = descriptionsByConfig.get(config);
  if (descriptions === undefined) {
    descriptions = wordsIn(config).flatMap((word) => {
      const type = VIEWS.get(word)?.describes;
      return type === undefined ? [] : [[word, type] as const];
    });
    descriptionsByConfig.set(config, descriptions);
  }
  return descriptions;
}
