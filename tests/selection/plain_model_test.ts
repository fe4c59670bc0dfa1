import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { RuleUse } from "../../lib/catalog/selection_rule.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { explain } from "../../lib/selection/explain.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { Selector } from "../../lib/selection/selector.ts";
import {
  clientRecord,
  FILE,
  FILE_TIME,
  mirrorRecord,
  OPTIONS,
  rule,
  seededRandom,
} from "./fixtures.ts";
import { plainModel, type World } from "./plain_model.ts";

/** Worlds that are tried; more by `PLAIN_MODEL_WORLDS=100000`, others by `PLAIN_MODEL_SEED`. */
const WORLDS = Number(variable("PLAIN_MODEL_WORLDS") ?? 500);
const SEED = Number(variable("PLAIN_MODEL_SEED") ?? 20261128);

/** Clients of each. */
const CLIENTS = 4;

function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

const COUNTRIES = { FR: "EU", DE: "EU", US: "NA", JP: "AS" } as const;
const NETWORKS = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "192.0.2.0/24"];
const ADDRESSES = ["10.1.2.3", "10.1.2.4", "10.9.9.9", "192.0.2.1", "198.51.100.1"];
const WORDS = ["FR", "DE", "US", "@EU", "@NA", "AS64500", "10.1.0.0/16", "tag:x", "m1", "m*", "*"];
const USES: readonly RuleUse[] = ["never", "last", "first", "only"];

/** Makes worlds with few values, so that things meet. */
class Maker {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  clients(): Pick<World, "address" | "place">[] {
    return Array.from({ length: CLIENTS }, () => {
      const address = this.#of(ADDRESSES);
      if (this.#odds(0.15)) return { address, place: null };
      const country = this.#of(Object.keys(COUNTRIES) as (keyof typeof COUNTRIES)[]);
      const asNumber = this.#of([0, 64500, 64501]);
      if (this.#odds(0.1)) {
        const nowhere = { countryCode: "", continentCode: "", located: false, asNumber };
        return { address, place: clientRecord(nowhere) };
      }
      const place = { ...this.#point(), asNumber };
      return {
        address,
        place: clientRecord({ ...place, countryCode: country, continentCode: COUNTRIES[country] }),
      };
    });
  }

  world(): Omit<World, "address" | "place"> {
    const mirrors = Array.from({ length: this.#below(9) }, (_, index) => this.#mirror(index + 1));
    const quotas = new Map(
      mirrors.filter(() => this.#odds(0.2)).map(({ id }) => [id, this.#of([0, 0.3, 0.75])]),
    );
    return {
      mirrors,
      quotas,
      rules: Array.from({ length: this.#odds(0.5) ? 0 : this.#below(4) }, () =>
        rule(
          this.#of(WORDS),
          this.#of(WORDS.filter((word) => !word.includes("/"))),
          this.#of(USES),
        )),
      options: {
        ...OPTIONS,
        weightDistributionRange: this.#of([1, 1.5, 4]),
        geographicalSort: !this.#odds(0.2),
        ipFamilies: this.#of(["prefer", "strict", "ignore"]),
      },
    };
  }

  #mirror(id: number): MirrorRecord {
    const country = this.#of(Object.keys(COUNTRIES) as (keyof typeof COUNTRIES)[]);
    const networks = this.#odds(0.3) ? NETWORKS.filter(() => this.#odds(0.4)) : [];
    const family = (states: readonly ("up" | "down" | "none" | "unknown")[]) => ({
      state: this.#of(states),
      text: "",
      time: 0,
    });
    return mirrorRecord(id, {
      ...this.#point(),
      enabled: !this.#odds(0.05),
      httpUp: !this.#odds(0.05),
      countryCodes: this.#odds(0.2) ? [country, "DE"] : [country],
      continentCode: COUNTRIES[country],
      excludedCountryCodes: this.#odds(0.1) ? ["FR"] : [],
      continentOnly: this.#odds(0.1),
      countryOnly: this.#odds(0.1),
      asOnly: this.#odds(0.05),
      asNumber: this.#of([0, 0, 64500]),
      asNumbers: this.#odds(0.2) ? [64501] : [],
      score: this.#odds(0.3) ? this.#of([-50, 20, 100, -200]) : 0,
      networks,
      networksOnly: this.#odds(0.2) && networks.length > 0,
      monopoly: this.#odds(0.2),
      bandwidth: this.#odds(0.4) ? this.#of([1e8, 1e9, 1e10, 1e12]) : 0,
      maxShare: this.#odds(0.3) ? this.#of([5, 20, 40, 100]) : 0,
      tags: this.#odds(0.3) ? ["x"] : [],
      global: this.#odds(0.1),
      families: this.#odds(0.3)
        ? { ipv4: family(["up", "down", "none", "unknown"]), ipv6: family(["up", "down"]) }
        : null,
    });
  }

  #point(): { latitude: number; longitude: number } {
    return { latitude: this.#below(120) - 60, longitude: this.#below(360) - 180 };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #odds(odds: number): boolean {
    return this.#random() < odds;
  }

  #of<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }
}

/** What the program makes of a world, as the model tells it. */
function programOf(
  world: World,
): ReturnType<typeof plainModel> & { readonly serves: number | null } {
  const { mirrors, rules, options, quotas, address, place } = world;
  const prepared = prepareMirrors(mirrors, { rules, refuse: [], ...options }, new Map(), quotas);
  const networks = new OwnNetworks();
  networks.take(mirrors, prepared.rules.networks);
  const family = options.ipFamilies === "ignore" ? null : 4;
  const client = new ClientViews().of(place, networks.table.find(address), family);
  const indexed = {
    file: FILE,
    copies: mirrors.map(({ id }) => ({ mirrorId: id, size: FILE.size, modTime: FILE_TIME })),
  };
  const explained = explain({
    ...{ indexed, mirrors: prepared.mirrors, client, tls: "any", options, hidden: true },
    random: seededRandom(7),
  });
  const selector = new Selector({ mirrors: prepared.mirrors, options, named: 11 });
  const chosen = selector.choose(indexed, client, "any", seededRandom(7));
  const able = explained.mirrors.filter(({ reason }) => reason === null);
  assertEquals(chosen?.mirror.id ?? null, explained.drawn[0]?.mirror.id ?? null);
  return {
    reasons: new Map(
      explained.mirrors.map(({ mirror, reason }) => [mirror.id, reason?.type ?? null]),
    ),
    order: able.map(({ mirror }) => mirror.id),
    shares: new Map(
      able.flatMap(({ mirror, share }) => share === null ? [] : [[mirror.id, share]]),
    ),
    serves: chosen?.mirror.id ?? null,
  };
}

function tell(world: World): string {
  return JSON.stringify({ ...world, quotas: [...world.quotas] });
}

Deno.test("the program chooses as the plain model does, in many worlds", () => {
  for (let index = 0; index < WORLDS; index++) {
    const maker = new Maker(SEED + index * 7919);
    const settings = maker.world();
    for (const client of maker.clients()) {
      const world = { ...settings, ...client };
      const expected = plainModel(world);
      const found = programOf(world);
      const about = (): string => `world ${SEED + index * 7919}: ${tell(world)}`;
      const byId = (reasons: ReadonlyMap<number, string | null>) =>
        [...reasons].sort(([a], [b]) => a - b);
      assertEquals(byId(found.reasons), byId(expected.reasons), about());
      assertEquals([...found.order], [...expected.order], about());
      assertEquals([...found.shares.keys()].sort(), [...expected.shares.keys()].sort(), about());
      for (const [id, share] of expected.shares) {
        assertAlmostEquals(found.shares.get(id)!, share, 1e-6, about());
      }
      assert(found.serves === null || (expected.shares.get(found.serves) ?? 0) > 0, about());
      judge(world, found);
    }
  }
});

/** What operators were promised, whatever the model says. */
function judge(world: World, { shares, order }: ReturnType<typeof plainModel>): void {
  const byId = new Map(world.mirrors.map((mirror) => [mirror.id, mirror]));
  const limits = [...shares.keys()].map((id) => byId.get(id)!.maxShare || 100);
  const sum = [...shares.values()].reduce((all, share) => all + share, 0);
  if (shares.size > 0) assertAlmostEquals(sum, 100, 1e-6);
  const whole = limits.reduce((all, limit) => all + limit, 0) >= 100;
  for (const [id, share] of shares) {
    const { maxShare } = byId.get(id)!;
    if (whole && shares.size > 1 && maxShare > 0) assert(share <= maxShare + 1e-6);
  }
  if (world.options.ipFamilies === "ignore") return;
  for (const id of order) assert(byId.get(id)!.families?.ipv4.state !== "none");
}
