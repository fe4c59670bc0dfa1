import { assertEquals } from "@std/assert";
import { READY_SETS } from "../../../lib/catalog/set_rule.ts";
import { formatHistory, formatStanding, standingName } from "../../../lib/catalog/set_state.ts";
import { FILE_TIME, indexedFile, NOW, Site } from "../fixtures.ts";

const ROOT = "/r/repodata/repomd.xml";
const SECOND = 1000;

Deno.test("mirrors that stood aside serve again when the source is quiet, without any news", async () => {
  const due: { at: number; action: () => void; over: boolean }[] = [];
  const version = { size: 3000, modTime: FILE_TIME };
  const { file } = indexedFile(ROOT, version);
  const site = new Site({
    files: [{ file, copies: [1, 2].map((mirrorId) => ({ mirrorId, ...version })) }],
    after: (milliseconds, action) => {
      const timer = { at: site.now + milliseconds, action, over: false };
      due.push(timer);
      return { [Symbol.dispose]: () => timer.over = true };
    },
    config: {
      metadataSets: READY_SETS.rpm!,
      fallbacks: [{ url: "http://origin.example.org/", countryCode: "", continentCode: "" }],
    },
  });
  const note = (kind: "set" | "set_mirror", name: string, text: string): void =>
    site.side.receive({
      ...{ type: "notes", kind, fresh: true, put: new Map([[name, text]]), removed: [] },
    });
  const revisions = [60, 15, 5].map((ago, i) => ({
    ...{ number: i + 1, size: 1000 * (i + 1), modTime: FILE_TIME, sha256: "" },
    time: NOW - ago * SECOND,
  }));
  const standing = { seen: 3, whole: 3, unsteady: false, time: NOW - 2 * SECOND };
  site.side.receive({ type: "salt", salt: "0123456789abcdef" });
  note("set", ROOT, formatHistory({ revisions, former: new Map() }));
  note("set_mirror", standingName(1, ROOT), formatStanding(standing));
  const host = async (): Promise<string> =>
    new URL((await site.get(ROOT)).headers.get("location")!).hostname;
  assertEquals(await host(), "origin.example.org");
  const [timer, ...others] = due.filter(({ over }) => !over);
  assertEquals(others, []);
  site.now = NOW + 26 * SECOND;
  timer!.action();
  assertEquals(await host() === "origin.example.org", false);
  // Nothing depends on the time any more.
  assertEquals(due.filter((one) => !one.over && one !== timer), []);
  site.side.receive({ type: "stop" });
});
