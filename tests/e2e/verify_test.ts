import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);
const SIZE = 2_000_000;

Deno.test("Verify: a mirror that has not what its listing says is found out, and nobody waits", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  await writeFile(repository, "/big.iso", { size: SIZE, modified: MODIFIED });
  await writeFile(repository, "/small", { size: 5, modified: MODIFIED });
  let gate = Promise.withResolvers<void>();
  const heads: string[] = [];
  let listed = false;
  // The listing and the first HEAD of it are right; later half of the file is gone.
  await using mirror = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const modified = { "last-modified": new Date(MODIFIED).toUTCString() };
      if (pathname === "/") {
        const rows = [["big.iso", SIZE], ["small", 5]].map(([name, size]) =>
          `<a href="${name}">${name}</a>   02-Jan-2026 03:04   ${size}\n`
        );
        return new Response(
          `<html><h1>Index of /</h1><hr><pre><a href="../">../</a>\n${
            rows.join("")
          }</pre><hr></html>`,
          { headers: { "content-type": "text/html" } },
        );
      }
      if (pathname === "/small") {
        return new Response(null, { headers: { "content-length": "5", ...modified } });
      }
      if (pathname !== "/big.iso") return new Response(null, { status: 404 });
      if (!listed || !(request.headers.get("user-agent") ?? "").includes("PING CHECK")) {
        return new Response(null, { headers: { "content-length": `${SIZE}`, ...modified } });
      }
      heads.push(request.method);
      await gate.promise;
      return new Response(null, { headers: { "content-length": "1000", ...modified } });
    },
  );
  await using daemon = new Daemon({
    directory: directory.path,
    // A check that asks for the file only finds a line for the log.
    config: {
      Repository: repository,
      ...{ CheckInterval: 1000, ScanInterval: 1000, HTTPScanRate: 200 },
      Verify: { From: "1MB" },
      Fallbacks: [{ URL: "http://fallback.example/" }],
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", `http://127.0.0.1:${mirror.addr.port}/`, "liar");
  await daemon.ok("scan", "liar");
  await daemon.ok("enable", "liar");
  const led = async (path: string): Promise<string> => {
    const { headers } = await daemon.get(path);
    return headers.get("location") ?? "";
  };
  const own = `127.0.0.1:${mirror.addr.port}`;
  await waitFor(async () => (await led("/small")).includes(own), { what: "the mirror to be up" });
  listed = true;
  assert((await led("/big.iso")).includes(own));
  await waitFor(() => heads.length >= 1, { what: "the mirror to be asked" });
  // It does not answer yet: redirects lead there as ever.
  for (let i = 0; i < 20; i++) assert((await led("/big.iso")).includes(own));
  assertEquals(heads, ["HEAD"]);
  gate.resolve();
  await waitFor(async () => (await led("/big.iso")).includes("fallback.example"), {
    what: "the copy to be forgotten",
  });
  assert((await led("/small")).includes(own));
  const logs = await daemon.ok("logs", "liar");
  assert(logs.includes("File size mismatch /big.iso: forgotten until the next scan"), logs);
  // The next scan believes the listing again, and so it is looked at again.
  gate = Promise.withResolvers();
  await daemon.ok("scan", "liar");
  await waitFor(async () => (await led("/big.iso")).includes(own), {
    what: "it to be known again",
  });
  gate.resolve();
  await waitFor(() => heads.length >= 2, { what: "it to be verified again" });
  await waitFor(async () => (await led("/big.iso")).includes("fallback.example"), {
    what: "the copy to be forgotten again",
  });
});
