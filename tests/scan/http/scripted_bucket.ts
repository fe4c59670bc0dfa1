import type { Reaction, ScriptedMirror } from "./scripted_mirror.ts";

/** An object of a scripted store. */
export interface ScriptedObject {
  size: number;
  /** Milliseconds since the epoch. */
  uploaded: number;
  etag?: string;
  storageClass?: string;
}

/** How a scripted store behaves. */
export interface ScriptedBucketOptions {
  /** Path that lists the bucket, with slashes around; default `/`: the host is the bucket. */
  readonly path?: string;
  /** Objects of a page; default 1000. */
  readonly page?: number;
  /** Speaks the first version only. */
  readonly first?: boolean;
  /** Encodes keys when asked to. Default: it does not know that. */
  readonly encodes?: boolean;
  /** What a page becomes before it is sent. */
  readonly change?: (xml: string, query: URLSearchParams) => string | Response;
  /** Whether it lists at all. Default: it does. */
  readonly lists?: boolean;
  /** Takes a plus sign in a path for a blank, as Amazon does. */
  readonly losesPlus?: boolean;
}

const STORE = { "content-type": "application/xml", "x-amz-request-id": "4442587FB7D0A2F9" };

/** A plain imitation of an object store, for hostile and odd answers. */
export class ScriptedBucket {
  /** By key. */
  readonly objects = new Map<string, ScriptedObject>();
  /** Queries of listings, oldest first. */
  readonly queries: string[] = [];
  options: ScriptedBucketOptions;

  constructor(options: ScriptedBucketOptions = {}) {
    this.options = options;
  }

  /** Takes the place of a mirror's own answers, and has its files as objects below `base/`. */
  static of(mirror: ScriptedMirror, options: ScriptedBucketOptions = {}): ScriptedBucket {
    const bucket = new ScriptedBucket(options);
    const prefix = options.path === "/base/" ? "" : "base/";
    for (const [path, { size, modTime }] of mirror.files) {
      bucket.objects.set(prefix + path.slice(1), { size, uploaded: modTime + 60_000 });
    }
    mirror.react = bucket.react;
    return bucket;
  }

  readonly react: Reaction = (method, path, _, { searchParams, search }) => {
    const { path: root = "/", lists = true, losesPlus = false } = this.options;
    if (path === "/robots.txt") return new Response("", { status: 404 });
    if (method === "GET" && path === root && (searchParams.has("prefix") || root === "/base/")) {
      this.queries.push(search);
      return lists ? this.#list(searchParams) : error(403, "AccessDenied");
    }
    if (!path.startsWith(root)) return error(404, "NoSuchBucket");
    const key = path.slice(root.length);
    const object = this.objects.get(losesPlus ? key.replaceAll("+", " ") : key);
    if (object === undefined) return error(404, "NoSuchKey");
    if (object.storageClass !== undefined) return error(403, "InvalidObjectState");
    return new Response(method === "HEAD" ? null : "x", {
      headers: {
        ...STORE,
        "content-type": "binary/octet-stream",
        "content-length": `${object.size}`,
        "last-modified": new Date(object.uploaded).toUTCString(),
      },
    });
  };

  #list(query: URLSearchParams): Response {
    const { page = 1000, first = false, encodes = false, change } = this.options;
    const prefix = query.get("prefix") ?? "";
    const second = query.get("list-type") === "2" && !first;
    const token = query.get("continuation-token");
    const after = second
      ? token === null ? query.get("start-after") ?? "" : decodeURIComponent(token.slice(3))
      : query.get("marker") ?? "";
    const encoded = encodes && query.get("encoding-type") === "url";
    const write = (key: string): string =>
      encoded ? encodeURIComponent(key).replaceAll("%20", "+") : escape(key);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix))
      .sort(byBytes).filter((key) => after === "" || byBytes(key, after) > 0);
    const shown = keys.slice(0, Math.min(page, Number(query.get("max-keys") ?? 1000)));
    const more = shown.length < keys.length;
    const xml = '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<s3:ListBucketResult xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">' +
      `<s3:Name>b</s3:Name><s3:Prefix>${write(prefix)}</s3:Prefix>` +
      (encoded ? "<s3:EncodingType>url</s3:EncodingType>" : "") +
      `<s3:IsTruncated>${more}</s3:IsTruncated>` +
      (more && second
        ? `<s3:NextContinuationToken>+/=${
          encodeURIComponent(shown.at(-1)!)
        }</s3:NextContinuationToken>`
        : "") +
      shown.map((key) => {
        const { size, uploaded, etag = '"none-2"', storageClass = "STANDARD" } = this.objects.get(
          key,
        )!;
        return `<s3:Contents><s3:Key>${write(key)}</s3:Key><s3:LastModified>${
          new Date(uploaded).toISOString()
        }</s3:LastModified><s3:ETag>${escape(etag)}</s3:ETag><s3:Size>${size}</s3:Size>` +
          `<s3:StorageClass>${storageClass}</s3:StorageClass></s3:Contents>`;
      }).join("") +
      "</s3:ListBucketResult>";
    const body = change?.(xml, query) ?? xml;
    return body instanceof Response ? body : new Response(body, { headers: STORE });
  }
}

function error(status: number, code: string): Response {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
  return new Response(body, { status, headers: STORE });
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function byBytes(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => [...text].map((char) => char.codePointAt(0)!));
  for (let at = 0; at < Math.min(a!.length, b!.length); at++) {
    if (a![at] !== b![at]) return a![at]! - b![at]!;
  }
  return a!.length - b!.length;
}
