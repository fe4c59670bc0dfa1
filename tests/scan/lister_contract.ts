import { assert, assertEquals, assertRejects } from "@std/assert";
import { SourceTree } from "../../lib/catalog/source_tree.ts";
import { type Lister, ListingError, type ListingOptions } from "../../lib/scan/lister.ts";
import { tempDir } from "../support/temp_dir.ts";
import { collect, writeFile } from "./listed_files.ts";

/** A real server that a lister lists. */
export interface ListedServer extends AsyncDisposable {
  /** URL of the directory that is served, with a trailing slash. */
  readonly url: string;
  /** Lets no answer out any more, but keeps connections. */
  freeze(): void;
  /** Answers again. */
  thaw(): void;
}

/** What {@linkcode testLister} tests. */
export interface ListerUnderTest {
  readonly name: string;
  readonly lister: Lister;
  /** Whether the server shows links as what they lead to, so that nobody can tell. Default: no. */
  readonly hidesLinks?: boolean;
  /** Serves a directory, to whoever has the login if there is one. */
  serve(
    root: string,
    login?: { readonly user: string; readonly password: string },
  ): Promise<ListedServer>;
}

const TIME = 1_700_000_000_000;
const forever = new AbortController().signal;
const PATHS = [
  "/plain",
  "/dir/sub dir/ünïcodé-日本",
  "/100%41#?&+;=,~",
  "/ lead and trail ",
  "/.hidden",
  "/back\\slash",
  "/[a]*{b}'\"",
];

/** The files of the tests as those of the source, for who asks for them by name. */
function sourceBelow(directory = ""): ListingOptions {
  const source = new SourceTree();
  for (const path of PATHS) {
    if (!path.startsWith(`${directory}/`)) continue;
    source.add({ path: path.slice(directory.length), size: path.length, modTime: TIME });
  }
  return { source };
}

/** What every lister does, whatever it speaks: run against a real server. */
export function testLister(
  { name, lister, hidesLinks = false, serve }: ListerUnderTest,
): void {
  Deno.test(`${name}: lists every file with size and time, and nothing else`, async () => {
    await using root = await repository();
    if (!hidesLinks) await Deno.symlink("plain", `${root.path}/link`);
    await Deno.mkdir(`${root.path}/empty`);
    await write(root.path, "/.~tmp~/partial");
    await write(root.path, "/dir/.~tmp~/partial");
    await using server = await serve(root.path);
    const listing = lister.list(server.url, forever, sourceBelow());
    const expected = PATHS.map((path) => ({ path, size: path.length, modTime: TIME }));
    assertEquals(await collect(listing), expected.sort((a, b) => a.path < b.path ? -1 : 1));
    assert([1, 1000].includes(listing.precision()));
    assertEquals(listing.warnings(), []);
    assertEquals(listing.unread?.() ?? [], []);
  });

  Deno.test(`${name}: takes paths from the URL on`, async () => {
    await using root = await repository();
    await using server = await serve(root.path);
    const files = await collect(
      lister.list(`${server.url}dir/`, forever, sourceBelow("/dir")),
    );
    assertEquals(files.map(({ path }) => path), ["/sub dir/ünïcodé-日本"]);
  });

  Deno.test(`${name}: logs in, and never tells the password`, async () => {
    await using root = await repository();
    const login = { user: "lister", password: "p@ss wörd" };
    await using server = await serve(root.path, login);
    const url = (password: string): string =>
      server.url.replace("//", `//lister:${encodeURIComponent(password)}@`);
    const files = await collect(lister.list(url(login.password), forever, sourceBelow()));
    assertEquals(files.length, PATHS.length);
    for (const password of ["wrong secret", ""]) {
      const error = await assertRejects(
        () => collect(lister.list(url(password), forever, sourceBelow())),
        ListingError,
      );
      assert(!error.message.includes("secret"), error.message);
    }
  });

  Deno.test(`${name}: fails for a directory that is not there, or a URL of another kind`, async () => {
    await using root = await repository();
    await using server = await serve(root.path);
    for (const url of [`${server.url}none/`, "gopher://u:secret@127.0.0.1/"]) {
      const error = await assertRejects(
        () => collect(lister.list(url, forever, sourceBelow())),
        ListingError,
      );
      assert(!error.message.includes("secret"), error.message);
    }
  });

  Deno.test(`${name}: ends within a second when it is aborted`, async () => {
    await using root = await repository();
    await using server = await serve(root.path);
    server.freeze();
    const stop = new AbortController();
    const listing = assertRejects(
      () => collect(lister.list(server.url, stop.signal, sourceBelow())),
      Error,
      "Enough",
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    stop.abort(new Error("Enough"));
    await listing;
    const passed = performance.now() - start;
    server.thaw();
    assert(passed < 10_000, `${passed} ms`);
  });

  Deno.test(`${name}: leaves nothing behind when nobody reads on, or it never begins`, async () => {
    await using root = await repository();
    for (let index = 0; index < 1500; index++) await write(root.path, `/many/${index}`);
    await using server = await serve(root.path);
    for await (const _ of lister.list(server.url, forever).files) break;
    lister.list(server.url, forever);
    const aborted = AbortSignal.abort(new Error("Before"));
    await assertRejects(() => collect(lister.list(server.url, aborted)), Error, "Before");
  });
}

async function repository(): Promise<{ readonly path: string } & AsyncDisposable> {
  const root = await tempDir();
  for (const path of PATHS) await write(root.path, path);
  return root;
}

/** Writes a file that is as large as its path is long. */
function write(root: string, path: string): Promise<void> {
  return writeFile(root, path, path.length, TIME);
}
