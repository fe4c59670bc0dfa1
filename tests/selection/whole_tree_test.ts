import { assertEquals } from "@std/assert";
import { explain } from "../../lib/selection/explain.ts";
import { lackingMirrors } from "../../lib/selection/lacking.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { select } from "../../lib/selection/select.ts";
import { Selector } from "../../lib/selection/selector.ts";
import { copiesOf, WholeTree } from "../../lib/selection/whole_tree.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { FILE, FILE_TIME, mirrorRecord, OPTIONS } from "./fixtures.ts";

const DAY = 24 * 60 * 60_000;
const COPY = { size: 1000, modTime: FILE_TIME };
const RECORDS = [
  mirrorRecord(1),
  mirrorRecord(2, { wholeTree: true }),
  mirrorRecord(3, { wholeTree: true, networksOnly: true, unchecked: true, httpUp: false }),
];
const MIRRORS = new Map(RECORDS.map((record) => [record.id, prepareMirror(record)]));

function world(now = FILE_TIME + DAY): { tree: WholeTree; wanted: string[] } {
  const wanted: string[] = [];
  const tree = WholeTree.of(RECORDS, { now: () => now, wanted: (path) => wanted.push(path) })!;
  return { tree, wanted };
}

function idsOf(copies: readonly { readonly mirrorId: number }[]): number[] {
  return copies.map(({ mirrorId }) => mirrorId);
}

Deno.test("where no mirror has the whole tree there is nothing to look at", () => {
  assertEquals(WholeTree.of([mirrorRecord(1)], { now: () => 0 }), null);
  const copies = [{ mirrorId: 1, ...COPY }];
  assertEquals(copiesOf({ file: FILE, copies }, null), copies);
});

Deno.test("a mirror that nobody reaches has every file of the source that is a day old", () => {
  const copies = [{ mirrorId: 1, ...COPY }];
  assertEquals(idsOf(copiesOf({ file: FILE, copies }, world().tree)), [1, 3]);
  assertEquals(idsOf(copiesOf({ file: FILE, copies }, world(FILE_TIME + DAY - 1).tree)), [1]);
  const unknown = { ...FILE, modTime: null };
  assertEquals(idsOf(copiesOf({ file: unknown, copies }, world().tree)), [1]);
  // What a scan of before found is worth less than that.
  const old = [{ mirrorId: 3, size: 5, modTime: 1 }];
  assertEquals(copiesOf({ file: FILE, copies: old }, world().tree), [{ mirrorId: 3, ...COPY }]);
  // Files that left, and former versions, are not in the source.
  assertEquals(idsOf(copiesOf({ file: FILE, copies, former: true }, world().tree)), [1]);
});

Deno.test("a mirror that is reached is asked for what nobody knows of it", () => {
  const asked = (copies: Parameters<typeof copiesOf>[0]["copies"], path = FILE.path): boolean => {
    const { tree, wanted } = world();
    copiesOf({ file: { ...FILE, path }, copies }, tree);
    return wanted.length > 0;
  };
  assertEquals(asked([]), true);
  assertEquals(asked([{ mirrorId: 2, ...COPY }]), false);
  assertEquals(asked([{ mirrorId: 2, ...COPY, size: 1 }]), true);
  assertEquals(asked([{ mirrorId: 2, ...COPY, modTime: FILE_TIME - 5000 }]), true);
  assertEquals(asked([{ mirrorId: 2, ...COPY, modTime: null }]), false);
  const { tree, wanted } = world();
  copiesOf({ file: FILE, copies: [], former: true }, tree);
  assertEquals(wanted, []);
  const off = mirrorRecord(2, { wholeTree: true, enabled: false });
  assertEquals(WholeTree.of([off], { now: () => 0 }), null);
  const part = mirrorRecord(2, { wholeTree: true, paths: ["/iso/"] });
  copiesOf(
    { file: FILE, copies: [] },
    WholeTree.of([part], { now: () => 0, wanted: (path) => wanted.push(path) }),
  );
  assertEquals(wanted, []);
});

Deno.test("select(), explain() and a Selector decide alike with such mirrors", () => {
  const { tree, wanted } = world();
  const network = { prefixLength: 8, values: [3], parent: null };
  const client = new ClientViews().of(null, network);
  const indexed = { file: FILE, copies: [{ mirrorId: 1, ...COPY }] };
  const request = {
    ...{ indexed, mirrors: MIRRORS, client, options: OPTIONS, wholeTree: tree },
    tls: "any",
    random: () => 0,
  } as const;
  const names = select({ ...request, ranked: false }).candidates.map(({ mirror }) => mirror.name);
  assertEquals(explain(request).drawn.map(({ mirror }) => mirror.name), names);
  const selector = new Selector({
    ...{ mirrors: MIRRORS, options: OPTIONS, named: 5, wholeTree: tree },
  });
  wanted.length = 0;
  const choose = (): string[] =>
    selector.choose(indexed, client, "any", () => 0)!.stops.map(({ mirror }) => mirror.name);
  assertEquals(choose(), names);
  assertEquals(wanted, [FILE.path]);
  // What is remembered is not looked at again, until it is time.
  choose();
  assertEquals(wanted.length, 1);
  selector.lookAgain();
  choose();
  assertEquals(wanted.length, 2);
  const lacking = lackingMirrors(copiesOf(indexed, tree), MIRRORS.values(), null);
  assertEquals(lacking.map(({ name }) => name), ["m2"]);
});
