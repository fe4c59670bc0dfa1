/** One recorded page. */
export interface RecordedPage {
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Whether it was asked for as usual. */
  readonly plain: boolean;
}

/** What a server answered to HEAD. */
export interface RecordedHead {
  readonly path: string;
  readonly status: number;
  readonly length: number | null;
  readonly modified: string | null;
  readonly date: string | null;
}

/** A file of the recorded tree. */
export interface RecordedFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modTime: number;
}

/** A directory of the recorded tree: files and directories whose names an index can hold, no links. */
export interface RecordedDirectory {
  readonly files: readonly RecordedFile[];
  readonly directories: readonly string[];
}

/**
 * What 22 configurations of real servers, and an imitation of S3, answered over one tree, packed: `tree`
 * is the truth, `servers` has pages (path, status, type, body in base64, request headers) and answers to
 * HEAD (path, status, length, time, date).
 */
const packed = await Deno.readFile(new URL("./listings.json.gz", import.meta.url));
const { tree, servers } = JSON.parse(
  await new Response(
    new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text(),
);

/** The tree, by path with slashes around. */
export const TREE: ReadonlyMap<string, RecordedDirectory> = new Map(
  Object.entries(tree.directories as Record<string, unknown[][]>).map(([path, rows]) => {
    const good = rows.filter(([name, , , , extra]) =>
      !/[\p{Cc}\ufffd]/u.test(name as string) && !(extra as { nameBytes?: string })?.nameBytes
    );
    return [path, {
      files: good.filter(([, type]) => type === "file").map(([name, , size, modTime]) => ({
        name,
        size,
        modTime,
      } as RecordedFile)),
      directories: good.filter(([, type]) => type === "directory").map(([name]) => name as string),
    }];
  }),
);

/** Names of the servers. */
export const SERVERS: readonly string[] = Object.keys(servers);

/** The pages of a server. */
export function pagesOf(server: string): RecordedPage[] {
  return servers[server].pages.map(
    ([path, status, contentType, body, headers]: [string, number, string, string, object]) => ({
      path,
      status,
      contentType,
      body: Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)),
      plain: !path.includes("?") && Object.keys(headers).length === 0,
    }),
  );
}

/** What a server answered to HEAD. */
export function headsOf(server: string): RecordedHead[] {
  return servers[server].heads.map(
    ([path, status, length, modified, date]: (string | null)[]) => ({
      path,
      status,
      length: length === null ? null : Number(length),
      modified,
      date,
    }),
  );
}
