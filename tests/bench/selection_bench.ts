import { Selector } from "../../lib/selection/selector.ts";
import { select } from "../../lib/selection/select.ts";
import type { SelectionRequest } from "../../lib/selection/selection_request.ts";
import {
  clientRecord,
  mirrorRecord,
  requestFor,
  seededRandom,
  viewOf,
} from "../selection/fixtures.ts";

const COUNTRIES = ["DE", "FR", "GB", "US", "JP", "BR", "ZA", "AU", "IN", "SE"];

/** Mirrors all over the world, some of which may not serve; a client who is somewhere else each time. */
function requests(count: number, ranked: boolean): SelectionRequest[] {
  const random = seededRandom(count);
  const place = () => ({ latitude: random() * 140 - 60, longitude: random() * 360 - 180 });
  const country = () => COUNTRIES[Math.floor(random() * COUNTRIES.length)]!;
  const records = Array.from({ length: count }, (_, index) =>
    mirrorRecord(index + 1, {
      ...place(),
      countryCodes: [country()],
      asNumber: Math.floor(random() * 1000),
      score: Math.floor(random() * 20),
      enabled: random() < 0.95,
      continentOnly: random() < 0.1,
    }));
  const request = requestFor(records, { random, ranked });
  return Array.from({ length: 256 }, () => ({
    ...request,
    client: viewOf(clientRecord({ ...place(), countryCode: country(), asNumber: 500 })),
  }));
}

for (const ranked of [false, true]) {
  for (const count of [1, 8, 50, 200, 1000]) {
    const asked = requests(count, ranked);
    let next = 0;
    Deno.bench({
      name: `select() among ${count} mirrors`,
      group: ranked ? "mirror list" : "redirect",
      fn: () => {
        select(asked[next++ & 255]!);
      },
    });
  }
}

for (const count of [8, 50, 200]) {
  const asked = requests(count, false);
  const [{ mirrors, options, indexed, random }] = asked as [SelectionRequest];
  let fresh = new Selector({ mirrors, options, named: 11 });
  let next = 0;
  Deno.bench({
    name: `Selector.choose() among ${count} mirrors, a client for the first time`,
    group: "choose",
    fn: () => {
      if ((next & 255) === 0) fresh = new Selector({ mirrors, options, named: 11 });
      fresh.choose(indexed, asked[next++ & 255]!.client, "any", random);
    },
  });
  const selector = new Selector({ mirrors, options, named: 11 });
  Deno.bench({
    name: `Selector.choose() among ${count} mirrors, remembered`,
    group: "choose",
    fn: () => {
      selector.choose(indexed, asked[next++ & 255]!.client, "any", random);
    },
  });
}
