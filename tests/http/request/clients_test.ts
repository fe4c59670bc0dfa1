import { assert, assertEquals } from "@std/assert";
import { continentNumber, countryNumber } from "../../../lib/geo/place_numbers.ts";
import { Clients } from "../../../lib/http/request/clients.ts";
import { Forwarding } from "../../../lib/http/request/forwarding.ts";
import { NetworkTable } from "../../../lib/net/network_table.ts";
import { NO_VIEW } from "../../../lib/selection/client_view.ts";
import { CONFIG, PLACES } from "../fixtures.ts";

const NETWORKS = new NetworkTable([
  { network: "10.20.0.0/16", value: 7 },
  { network: "10.20.30.0/24", value: 8 },
]);

function clientsOf(): { clients: Clients; asked: string[] } {
  const asked: string[] = [];
  const clients = new Clients(
    {
      resolve(address) {
        asked.push(address);
        return PLACES[address] ?? null;
      },
    },
    NETWORKS,
    new Forwarding(CONFIG),
  );
  return { clients, asked };
}

Deno.test("Clients.forwardedFor() finds the client of a header, and asks once for those that come again", () => {
  const { clients, asked } = clientsOf();
  const header = " 89.160.20.112:80 , 10.0.0.1";
  const first = clients.forwardedFor(header);
  const place = PLACES["89.160.20.112"]!;
  assertEquals(first, {
    address: "89.160.20.112",
    place,
    continent: continentNumber(place.continentCode),
    country: countryNumber(place.countryCode),
    view: { place, network: null, family: null },
    forwarder: null,
    word: null,
  });
  assert(clients.forwardedFor(header) === first);
  assertEquals(asked.length, 1);
  assertEquals(clients.forwardedFor("unknown"), null);
});

Deno.test("Clients.of() takes an address in any form, and nothing else", () => {
  const { clients } = clientsOf();
  assertEquals(clients.of("::ffff:81.2.69.160")?.place, PLACES["81.2.69.160"]!);
  assertEquals(clients.of("2001:DB8::1"), {
    address: "2001:db8::1",
    place: null,
    continent: 0,
    country: 0,
    view: NO_VIEW,
    forwarder: null,
    word: null,
  });
  assertEquals(clients.of("81.2.69.160, 10.0.0.1"), null);
});

Deno.test("Clients keep apart who asks in turn, by a proxy or directly", () => {
  const { clients, asked } = clientsOf();
  const header = (text: string): string | null | undefined => clients.forwardedFor(text)?.address;
  const direct = (text: string): string | null | undefined => clients.of(text)?.address;
  assertEquals(["", "10.1.1.1", "10.1.1.1", "unknown", "10.1.1.2", "10.1.1.1"].map(header), [
    ...[undefined, "10.1.1.1", "10.1.1.1", undefined, "10.1.1.2", "10.1.1.1"],
  ]);
  assertEquals(["", "10.1.1.3", "10.1.1.3", "unknown", "10.1.1.2", "10.1.1.3"].map(direct), [
    ...[undefined, "10.1.1.3", "10.1.1.3", undefined, "10.1.1.2", "10.1.1.3"],
  ]);
  assertEquals(asked, ["10.1.1.1", "10.1.1.2", "10.1.1.3"]);
});

Deno.test("Clients see clients of one network alike, and others otherwise", () => {
  const { clients } = clientsOf();
  const view = clients.of("10.20.30.1")!.view;
  assertEquals([view.network?.values, view.network?.parent?.values], [[8], [7]]);
  assert(clients.of("::ffff:10.20.30.2")!.view === view);
  assert(clients.of("10.20.31.1")!.view !== view);
  assertEquals(clients.of("10.21.0.1")!.view, NO_VIEW);
});

Deno.test("Clients forget those who came long ago, and long headers at once", () => {
  const { clients, asked } = clientsOf();
  const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  for (let n = 0; n < 60_000; n++) clients.forwardedFor(address(n));
  clients.forwardedFor(address(59_999));
  assertEquals(asked.length, 60_000);
  clients.forwardedFor(address(0));
  assertEquals(asked.length, 60_001);
  const long = `10.1.1.1${", 10.0.0.1".repeat(20)}`;
  for (let round = 0; round < 2; round++) clients.forwardedFor(long);
  assertEquals(asked.slice(-2), ["10.1.1.1", "10.1.1.1"]);
});

Deno.test("Clients takes an address that is known for no header that says who forwards for whom", () => {
  const forwarding = new Forwarding({ ...CONFIG, forwardedHeader: "forwarded" });
  const clients = new Clients({ resolve: () => null }, NETWORKS, forwarding);
  assertEquals(clients.of("81.2.69.160")?.address, "81.2.69.160");
  assertEquals(clients.forwardedFor("81.2.69.160"), null);
  assertEquals(clients.forwardedFor("for=81.2.69.160")?.address, "81.2.69.160");
});
