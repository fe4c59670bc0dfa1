import { Parser } from "htmlparser2";
import type { Breather } from "../breather.ts";
import { writeInParts } from "./write_in_parts.ts";

/** One object, as the listing of a store shows it. */
export interface BucketObject {
  /** As it is; not encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was uploaded, in milliseconds since the epoch; `null`: not shown. */
  readonly uploaded: number | null;
  /** Lower case, without quotes; empty: not shown. */
  readonly etag: string;
  /** Whether it has to be fetched from an archive before anybody can read it. */
  readonly archived: boolean;
}

/** One page of the listing of an object store. */
export interface BucketPage {
  readonly objects: readonly BucketObject[];
  /** Whether there are more pages. */
  readonly truncated: boolean;
  /** What the next page is asked for with; empty: the last key does. */
  readonly token: string;
}

/** Elements that may be open at once. */
const MAX_DEPTH = 16;

/** Objects of one page; servers give a thousand. */
const MAX_OBJECTS = 200_000;

/** Characters that are kept of one text; a key has at most 1024 bytes, each perhaps encoded. */
const MAX_TEXT = 4096;

/** Storage classes that nobody can read at once. */
const ARCHIVES = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/**
 * Reads a page of `ListObjects` or `ListObjectsV2`, as Amazon S3 and those that speak its protocol
 * answer. The namespace does not count: imitations have others.
 *
 * @param breather lets others have their turn
 * @returns `null` when it is none
 * @throws {RangeError} when it is cut, or has no end
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function readBucketPage(
  text: string,
  breather: Pick<Breather, "due" | "pause">,
): Promise<BucketPage | null> {
  if (!/^\ufeff?\s*<(?:\?xml|[\w:]*ListBucketResult)/.test(text.slice(0, 200))) return null;
  const objects: Record<string, string>[] = [];
  const fields: Record<string, string> = {};
  const open: string[] = [];
  let object: Record<string, string> | null = null;
  let root = "";
  let ended = false;
  const parser = new Parser({
    onopentag(name) {
      const local = name.slice(name.indexOf(":") + 1);
      if (open.push(local) > MAX_DEPTH) throw new RangeError("It nests too deep");
      if (root === "") root = local;
      if (open.length === 2 && local === "Contents") {
        if (objects.length >= MAX_OBJECTS) throw new RangeError("It has too many objects");
        objects.push(object = {});
      }
    },
    ontext(more) {
      const name = open.at(-1)!;
      const target = open.length === 2 ? fields : open.length === 3 ? object : null;
      if (target === null) return;
      const text = Object.hasOwn(target, name) ? target[name]! : "";
      if (text.length + more.length > MAX_TEXT) throw new RangeError("A text is too long");
      target[name] = text + more;
    },
    onclosetag(_, implied) {
      open.pop();
      if (open.length === 1) object = null;
      if (open.length === 0 && !implied) ended = true;
    },
  }, { xmlMode: true, decodeEntities: true });
  await writeInParts(text, parser, breather);
  parser.end();
  if (root !== "ListBucketResult") return null;
  if (!ended) throw new RangeError("It broke off");
  // Who does not say so did not encode.
  const decode = fields.EncodingType === "url" ? decodeKey : (key: string): string => key;
  return {
    objects: objects.flatMap((fields) => objectOf(fields, decode) ?? []),
    truncated: fields.IsTruncated?.trim() === "true",
    token: fields.NextContinuationToken ?? "",
  };
}

function objectOf(
  fields: Readonly<Record<string, string>>,
  decode: (key: string) => string | null,
): BucketObject | null {
  const { Key = "", Size = "", LastModified = "", ETag = "", StorageClass = "" } = fields;
  const key = decode(Key);
  const size = /^\s*\d{1,15}\s*$/.test(Size) ? Number(Size) : null;
  if (key === null || key === "" || size === null) return null;
  const uploaded = Date.parse(LastModified.trim());
  return {
    ...{ key, size },
    uploaded: Number.isNaN(uploaded) ? null : uploaded,
    etag: ETag.trim().replace(/^"(.*)"$/, "$1").toLowerCase(),
    archived: ARCHIVES.has(StorageClass.trim()),
  };
}

/** Undoes `encoding-type=url`, in which a plus sign is a blank. */
function decodeKey(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return null;
  }
}
