import { assertEquals } from "@std/assert";
import type { IndexedFile } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { SetRule } from "../../lib/catalog/set_rule.ts";
import { formatHistory, formatStanding, standingName } from "../../lib/catalog/set_state.ts";
import { prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { select } from "../../lib/selection/select.ts";
import type { SetLevel } from "../../lib/selection/set_view.ts";
import { Selector } from "../../lib/selection/selector.ts";
import { Trees } from "../../lib/selection/tree.ts";
import { clientRecord, mirrorRecord, OPTIONS, rule, seededRandom, viewOf } from "./fixtures.ts";

const ROOT = "/dists/a/InRelease";
const MINUTE = 60_000;
const RULE: SetRule = {
  root: "/dists/*/InRelease",
  below: "/dists/*/",
  immutable: ["*.deb"],
  maxBehind: 25,
  quorum: 50,
};

/** Revisions 1, 2 and 3 began at 10, 20 and 30 minutes; the root has as many bytes as its number. */
const REVISIONS = [1, 2, 3].map((number) => ({
  ...{ number, size: number, modTime: number * 1000, sha256: "", time: number * 10 * MINUTE },
}));

/** The root was another in each revision; Packages changed with the third. */
const FORMER = new Map([
  [ROOT, [1, 2].map((number) => ({ until: number + 1, size: number, modTime: number * 1000 }))],
  ["/dists/a/Packages", [{ until: 3, size: 20, modTime: 20_000 }]],
]);

interface Situation {
  /** By mirror ID: the revision that it is whole at. */
  readonly whole: Readonly<Record<number, number | null>>;
  readonly unsteady?: readonly number[];
  readonly down?: readonly number[];
  readonly required?: boolean;
  readonly now?: number;
}

/** Four mirrors, and what decides among them. */
class Scene {
  readonly trees = new Trees({ stableDraw: [], metadataSets: [RULE] }, 7);
  readonly mirrors;

  constructor({ whole, unsteady = [], down = [], required = false, now = 31 * MINUTE }: Situation) {
    const records: MirrorRecord[] = [1, 2, 3, 4].map((id) =>
      mirrorRecord(id, { httpUp: !down.includes(id) })
    );
    this.mirrors = prepareMirrors(records, { rules: [], refuse: [] }).mirrors;
    const history = formatHistory({ revisions: REVISIONS, former: FORMER });
    this.trees.takeSets(new Map([[ROOT, history]]), null);
    this.trees.takeStandings(
      new Map(
        Object.entries(whole).map(([id, revision]) => [
          standingName(Number(id), ROOT),
          formatStanding({
            ...{ seen: revision, whole: revision, time: 0 },
            unsteady: unsteady.includes(Number(id)),
          }),
        ]),
      ),
      null,
    );
    this.trees.takeRequired(new Map(required ? [[ROOT, `${now + 1}`]] : []));
    this.trees.takeMirrors(new Map(records.map((record) => [record.id, record])));
    this.trees.judge(now);
  }

  file(path: string, versions: Readonly<Record<number, number>>): IndexedFile {
    const [size, modTime] = path === ROOT ? [3, 3000] : [30, 30_000];
    return {
      file: { path, size, modTime, sha1: "", sha256: "", md5: "" },
      copies: Object.entries(versions).map(([id, bytes]) => ({
        mirrorId: Number(id),
        size: bytes,
        modTime: bytes * 1000,
      })),
    };
  }

  /** Who may serve, by ID, and why the others may not. */
  decide(indexed: IndexedFile, level: SetLevel = "floor"): [number[], string[]] {
    const { candidates, excluded } = select({
      ...{ indexed, mirrors: this.mirrors, client: viewOf(null), tls: "any", options: OPTIONS },
      ...{ random: () => 0, ranked: true, trees: this.trees, level },
    });
    return [
      candidates.map(({ mirror }) => mirror.id),
      excluded.map(({ mirror, reason }) => `${mirror.id} ${reason.type}`),
    ];
  }

  /** Everyone whom a client may be sent to, and with which alternatives. */
  chosen(indexed: IndexedFile): Set<string> {
    const selector = new Selector({
      ...{ mirrors: this.mirrors, options: OPTIONS, named: 4, trees: this.trees },
    });
    const all = new Set<string>();
    for (let word = 0; word < 200; word++) {
      const chosen = selector.choose(indexed, viewOf(null), "any", () => 0, word * 0x9e3779b1);
      all.add(chosen === null ? "" : chosen.stops.map(({ mirror }) => mirror.id).sort().join(" "));
    }
    return all;
  }
}

Deno.test("a name is served by mirrors at the floor or newer, in the version of their revision", () => {
  const scene = new Scene({ whole: { 1: 3, 2: 2, 3: 2, 4: 1 } });
  assertEquals(scene.trees.sets.get(ROOT)!.floor, 2);
  const packages = scene.file("/dists/a/Packages", { 1: 30, 2: 20, 3: 30, 4: 20 });
  // The third has a copy of another revision than its own.
  assertEquals(scene.decide(packages), [[1, 2], ["3 size", "4 revision"]]);
  assertEquals(scene.decide(scene.file(ROOT, { 1: 3, 2: 2, 4: 1 })), [[1, 2], ["4 revision"]]);
  // Alternatives are at the revision of the first.
  assertEquals(scene.chosen(packages), new Set(["1", "2"]));
  const alike = scene.file("/dists/a/Packages", { 1: 30, 2: 20, 3: 20 });
  assertEquals(scene.chosen(alike), new Set(["1", "2 3"]));
});

Deno.test("alternatives behind the draw are at the revision of the first, too", () => {
  const scene = new Scene({ whole: { 1: 3, 2: 2, 3: 2, 4: 2 } });
  // Two near ones, one far away and another one: those that are first, and the rest.
  const records = [{ longitude: 1 }, { longitude: 1 }, { longitude: 60 }, { longitude: 1 }]
    .map((changes, index) => mirrorRecord(index + 1, changes));
  const rules = [rule("*", "m1 m2 m3", "first")];
  const { mirrors } = prepareMirrors(records, { rules, refuse: [] });
  const { trees } = scene;
  const indexed = scene.file("/dists/a/Packages", { 1: 30, 2: 20, 3: 20, 4: 20 });
  const client = viewOf(clientRecord());
  const selector = new Selector({ mirrors, options: OPTIONS, named: 4, trees });
  const drawn = new Set<string>();
  for (let word = 0; word < 50; word++) {
    const { candidates } = select({
      ...{ indexed, mirrors, client, tls: "any", options: OPTIONS, trees, word: word * 0x9e3779b1 },
      ...{ random: () => 0, ranked: false },
    });
    const ids = candidates.map(({ mirror }) => mirror.id).join(" ");
    const chosen = selector.choose(indexed, client, "any", () => 0, word * 0x9e3779b1);
    assertEquals(chosen?.stops.map(({ mirror }) => mirror.id).join(" "), ids);
    drawn.add(ids);
  }
  assertEquals(drawn, new Set(["1", "2 3 4"]));
});

Deno.test("who is in the middle of a sync, or unsteady, serves no name that is bound", () => {
  const scene = new Scene({ whole: { 1: 3, 2: null, 3: 3 }, unsteady: [3] });
  const packages = scene.file("/dists/a/Packages", { 1: 30, 2: 30, 3: 30, 4: 30 });
  assertEquals(scene.decide(packages), [[1], ["2 syncing", "3 unsteady", "4 syncing"]]);
  // Immutable names go by the ordinary rule.
  const deb = scene.file("/dists/a/x.deb", { 1: 30, 2: 30, 3: 30, 4: 20 });
  assertEquals(scene.decide(deb), [[1, 2, 3], ["4 size"]]);
  // So does whatever lies elsewhere.
  assertEquals(scene.decide(scene.file("/pool/x", { 2: 30 })), [[2], []]);
});

Deno.test("the floor is what enough mirrors have, never goes back, and falls where nobody is up", () => {
  const floorOf = (situation: Situation): number =>
    new Scene(situation).trees.sets.get(ROOT)!.floor;
  assertEquals(floorOf({ whole: { 1: 3, 2: 3, 3: 2, 4: 1 } }), 3);
  assertEquals(floorOf({ whole: { 1: 3, 2: 2, 3: 2, 4: null } }), 2);
  // Half of three is two.
  assertEquals(floorOf({ whole: { 1: 3, 2: 2, 3: 1 } }), 2);
  assertEquals(floorOf({ whole: { 1: 3, 2: 1 }, down: [1] }), 1);
  assertEquals(floorOf({ whole: { 1: 1, 2: 1 }, required: true }), 3);
  // Revision 1 was replaced at 20 minutes, revision 2 at 30.
  assertEquals(floorOf({ whole: { 1: 1, 2: 1 }, now: 45 * MINUTE }), 1);
  assertEquals(floorOf({ whole: { 1: 1, 2: 1 }, now: 45 * MINUTE + 1 }), 2);
  assertEquals(floorOf({ whole: { 1: 1, 2: 1 }, now: 56 * MINUTE }), 3);
  const { trees, mirrors } = new Scene({ whole: { 1: 3, 2: 3, 3: 2, 4: 2 } });
  const set = trees.sets.get(ROOT)!;
  const records = (down: readonly number[]): Map<number, MirrorRecord> =>
    new Map([...mirrors].map(([id, { record }]) => [
      id,
      down.includes(id) ? { ...record, httpUp: false } : record,
    ]));
  trees.takeMirrors(records([2]));
  trees.judge(31 * MINUTE);
  assertEquals(set.floor, 3);
  trees.takeMirrors(records([1, 2]));
  trees.judge(31 * MINUTE);
  assertEquals(set.floor, 2);
});

Deno.test("where nobody is at the floor a whole mirror within MaxBehind serves", () => {
  const scene = new Scene({ whole: { 1: 3, 2: 3, 3: 2, 4: 1 } });
  const packages = scene.file("/dists/a/Packages", { 3: 20, 4: 20 });
  assertEquals(scene.decide(packages), [[], ["3 revision", "4 revision"]]);
  assertEquals(scene.decide(packages, "behind"), [[3, 4], []]);
  assertEquals(scene.chosen(packages), new Set(["3", "4"]));
});

Deno.test("a change of a set reaches the selector, and others stay remembered", () => {
  const scene = new Scene({ whole: { 1: 3, 2: 3 } });
  const selector = new Selector({
    ...{ mirrors: scene.mirrors, options: OPTIONS, named: 4, trees: scene.trees },
  });
  const packages = scene.file("/dists/a/Packages", { 1: 30, 2: 30 });
  const other = scene.file("/pool/x", { 1: 30, 2: 30 });
  const ids = (indexed: IndexedFile): string =>
    selector.choose(indexed, viewOf(null), "any", () => 0, 1)!.stops
      .map(({ mirror }) => mirror.id).sort().join(" ");
  assertEquals([ids(packages), ids(other)], ["1 2", "1 2"]);
  const { remembered } = selector;
  const standing = { seen: 3, whole: null, unsteady: false, time: 0 };
  const name = standingName(1, ROOT);
  scene.trees.takeStandings(
    new Map([
      [name, formatStanding(standing)],
      [standingName(2, ROOT), formatStanding({ ...standing, whole: 3 })],
    ]),
    [name],
  );
  assertEquals(ids(other), "1 2");
  assertEquals(selector.remembered, remembered);
  assertEquals(ids(packages), "2");
});

Deno.test("while the source changes all the time, mirrors that do serve nothing that must fit together", () => {
  const SECOND = 1000;
  const trees = new Trees({ stableDraw: [], metadataSets: [RULE] }, 0);
  const take = (...seconds: number[]): void => {
    const revisions = seconds.map((time, i) => ({
      ...{ number: i + 1, size: i, modTime: i, sha256: "", time: time * SECOND },
    }));
    trees.takeSets(new Map([[ROOT, formatHistory({ revisions, former: new Map() })]]), null);
  };
  const changed = (times: Readonly<Record<number, number>>, whole = 3): void =>
    trees.takeStandings(
      new Map(
        Object.entries(times).map(([id, seconds]) => [
          standingName(Number(id), ROOT),
          formatStanding({ seen: whole, whole, unsteady: false, time: seconds * SECOND }),
        ]),
      ),
      null,
    );
  const reasonsAt = (seconds: number): (string | null)[] => {
    trees.judge(seconds * SECOND);
    const set = trees.sets.get(ROOT)!;
    return [1, 2].map((id) => set.reasonOf(id, "behind")?.type ?? null);
  };
  // What was before the first revision nobody knows.
  take(100, 110);
  changed({ 1: 20, 2: 111 }, 2);
  assertEquals(reasonsAt(112), [null, null]);
  take(100, 110, 130);
  changed({ 1: 20, 2: 131 });
  const set = trees.sets.get(ROOT)!;
  assertEquals(reasonsAt(132), [null, "syncing"]);
  const { generation } = set;
  assertEquals(reasonsAt(133), [null, "syncing"]);
  assertEquals(set.generation, generation);
  // It counts as soon as it is known, whoever judges next.
  changed({ 1: 134, 2: 131 });
  assertEquals([1, 2].map((id) => set.reasonOf(id, "floor")?.type), ["syncing", "syncing"]);
  // The source is quiet again.
  assertEquals(reasonsAt(159), ["syncing", "syncing"]);
  assertEquals(set.aside, true);
  assertEquals(reasonsAt(160), [null, null]);
  assertEquals(set.aside, false);
  // It goes on, and a mirror has been as it is for a minute.
  take(100, 110, 170, 190);
  assertEquals(reasonsAt(190), ["syncing", "syncing"]);
  const before = set.generation;
  assertEquals(reasonsAt(191), ["syncing", null]);
  assertEquals(set.generation, before + 1);
});

Deno.test("what is remembered of a set's files is as if found out anew, whatever changes", () => {
  const random = seededRandom(11);
  const below = (most: number): number => Math.floor(random() * most);
  const { trees, mirrors, file } = new Scene({ whole: { 1: 3, 2: 3, 3: 2 } });
  const files = [
    file(ROOT, { 1: 3, 2: 3, 3: 2, 4: 1 }),
    file("/dists/a/Packages", { 1: 30, 2: 30, 3: 20, 4: 20 }),
    file("/dists/a/new.deb", { 1: 30, 2: 30, 3: 30, 4: 30 }),
  ];
  const selectorOf = (): Selector =>
    new Selector({ ...{ mirrors, options: OPTIONS, named: 4, trees } });
  const remembering = selectorOf();
  const answer = (selector: Selector, indexed: IndexedFile, word: number): unknown => {
    const chosen = selector.choose(indexed, viewOf(null), "any", () => 0, word);
    return chosen && [chosen.stops.map(({ mirror }) => mirror.id), chosen.unable];
  };
  const notes = new Map<string, string>();
  let now = 31 * MINUTE;
  const changes = [
    () => {
      const name = standingName(1 + below(4), ROOT);
      const whole = [null, 1, 2, 3][below(4)]!;
      const standing = { seen: 3, whole, unsteady: below(6) === 0, time: 0 };
      if (below(5) === 0) notes.delete(name);
      else notes.set(name, formatStanding(standing));
      trees.takeStandings(notes, [name]);
    },
    () => {
      const revisions = REVISIONS.slice(0, 2 + below(2));
      trees.takeSets(new Map([[ROOT, formatHistory({ revisions, former: FORMER })]]), [ROOT]);
    },
    () => trees.takeRequired(new Map(below(2) === 0 ? [[ROOT, `${now + MINUTE}`]] : [])),
    () => now = (20 + below(60)) * MINUTE,
  ];
  for (let step = 0; step < 500; step++) {
    changes[below(changes.length)]!();
    trees.judge(now);
    const fresh = selectorOf();
    for (const indexed of files) {
      const word = below(2 ** 32);
      assertEquals(
        answer(remembering, indexed, word),
        answer(fresh, indexed, word),
        `step ${step}, ${indexed.file.path}`,
      );
    }
  }
});

Deno.test("what is remembered of a set's files stays where who may serve them does", () => {
  const { trees } = new Scene({ whole: { 1: 3, 2: 3, 3: 3 } });
  const set = trees.sets.get(ROOT)!;
  const standing = (mirrorId: number, whole: number | null, seen = whole): [string, string] => [
    standingName(mirrorId, ROOT),
    formatStanding({ seen, whole, unsteady: false, time: 0 }),
  ];
  /** By how much both numbers went up. */
  const risen = (change: () => void): [number, number] => {
    const { generation, carriage } = set;
    change();
    trees.judge(31 * MINUTE);
    return [set.generation - generation, set.carriage - carriage];
  };
  const all = [standing(1, 3), standing(2, 3), standing(3, 3)];
  // Nobody has a revision that would do no longer.
  assertEquals(
    risen(() => trees.takeRequired(new Map([[ROOT, `${40 * MINUTE}`]]))),
    [0, 0],
  );
  assertEquals(set.oldest, 3);
  assertEquals(risen(() => trees.takeStandings(new Map(all), null)), [0, 0]);
  assertEquals(
    risen(() => trees.takeStandings(new Map([...all, standing(3, 3, 2)]), null)),
    [0, 0],
  );
  assertEquals(risen(() => trees.takeStandings(new Map([...all, standing(3, 2)]), null)), [1, 0]);
  // It may be served again.
  assertEquals(risen(() => trees.takeRequired(new Map())), [1, 0]);
  assertEquals(risen(() => trees.takeStandings(new Map([...all, standing(4, 3)]), null)), [1, 1]);
  assertEquals(risen(() => trees.takeStandings(new Map(all), null)), [1, 1]);
});
