import type { MaybePromise } from "../../store/store.ts";
import type { Answer } from "../render/answer.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import { answerChecksum } from "./answer_checksum.ts";
import { answerFileStats } from "./answer_file_stats.ts";
import { answerMirrorList } from "./answer_mirror_list.ts";
import { answerMirrorStats } from "./answer_mirror_stats.ts";

/** What a word of the query asks for in place of the file. */
export type View =
  /** Something about the server, or a path as it is written, which need not exist. */
  | {
    readonly of: "server";
    readonly fromIp?: never;
    answer(context: AnswerContext, request: HttpRequest): MaybePromise<Answer>;
  }
  /** Something about a path of the repository; one that is missing or forbidden is refused before. */
  | {
    readonly of: "file";
    /** Whether `fromip` says who asks: what only shows may be shown to anyone. */
    readonly fromIp?: true;
    answer(
      context: AnswerContext,
      request: HttpRequest,
      found: OfferedFile,
    ): MaybePromise<Answer>;
  };

/**
 * The words, in order of precedence for a query that has several. A new form of answer is one row here
 * and one file in `render/`.
 */
export const VIEWS: ReadonlyMap<string, View> = new Map<string, View>([
  ["mirrorlist", { of: "file", fromIp: true, answer: answerMirrorList }],
  ["stats", { of: "server", answer: answerFileStats }],
  ["mirrorstats", { of: "server", answer: answerMirrorStats }],
  ["md5", { of: "file", answer: answerChecksum("md5") }],
  ["sha1", { of: "file", answer: answerChecksum("sha1") }],
  ["sha256", { of: "file", answer: answerChecksum("sha256") }],
]);
