import type { IndexedFile } from "../../catalog/file.ts";
import { areOf } from "../../catalog/piece_hashes.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { OfferedForms } from "../pages/share_card.ts";
import { hasPieces } from "../request/has_pieces.ts";
import type { AnswerContext } from "./answer_context.ts";

/** Endings of what people put beside a file to check it, or to get it. */
const BESIDE = [".asc", ".sig", ".sha256", ".torrent"];

/**
 * Finds out what there is of a file now: what is computed, and what lies beside it.
 *
 * @param context what it works with
 * @param indexed the file
 * @returns nothing that a link would find missing; without what the store does not say now
 */
export async function offeredForms(
  { state: { config }, finder, pieces, reader }: AnswerContext,
  { file }: IndexedFile,
): Promise<OfferedForms> {
  const words: string[] = (["sha256", "sha1", "md5"] as const).filter((hash) => file[hash] !== "");
  if (config.metalink) words.push("meta4", "metalink");
  const large = hasPieces(config, file);
  if (config.torrents && large) {
    const known = await ifThere(() => pieces.of(file, config.torrentVersion === "hybrid"));
    if (known !== null) words.push("torrent", "magnet", "btih");
  }
  if (config.zsync && large) {
    const head = await ifThere(() => reader.zsyncHead(file.path));
    if (head !== null && areOf(head, file)) words.push("zsync");
  }
  const found = await Promise.all(BESIDE.map((ending) => finder.findIndexed(file.path + ending)));
  const beside = BESIDE.map((ending) => file.path + ending).filter((_, i) => found[i] !== null);
  return { words, beside };
}

/** The page is worth having while the store is away. */
async function ifThere<T>(ask: () => MaybePromise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return null;
    throw error;
  }
}
