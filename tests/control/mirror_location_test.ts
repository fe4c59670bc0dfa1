import { assertEquals, assertRejects } from "@std/assert";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { locateMirror, locationSettings } from "../../lib/control/mirror_location.ts";
import { SWEDEN } from "./fake_services.ts";

const geo = {
  resolve: (address: string) => {
    if (address === "2001:db8::1") return SWEDEN;
    return address === "10.0.0.1" ? { ...SWEDEN, located: false, asNumber: 7 } : null;
  },
};

function resolver(...addresses: string[]): (hostname: string) => Promise<string[]> {
  return () => Promise.resolve(addresses);
}

Deno.test("locateMirror() asks for the host without scheme, port and brackets", async () => {
  const asked: string[] = [];
  const resolveHost = (hostname: string): Promise<string[]> => {
    asked.push(hostname);
    return Promise.resolve(["2001:db8::1"]);
  };
  for (const url of ["http://m.example:8081/x/", "m.example/", "https://[2001:db8::1]:443/"]) {
    assertEquals((await locateMirror(url, { geo, resolveHost })).location?.countryCode, "SE");
  }
  assertEquals(asked, ["m.example", "m.example", "2001:db8::1"]);
});

Deno.test("locateMirror() warns about several addresses and takes the first that is known", async () => {
  const resolveHost = resolver("192.0.2.1", "10.0.0.1", "2001:db8::1");
  const located = await locateMirror("m.example/", { geo, resolveHost });
  assertEquals(located.warnings, ["m.example has 3 addresses; they are taken to be in one place"]);
  assertEquals(locationSettings(located), {
    latitude: 58.4167,
    longitude: 15.6167,
    continentCode: "EU",
    countryCodes: ["SE"],
    asNumber: 29518,
  });
});

Deno.test("locateMirror() keeps the AS of a mirror whose place is unknown", async () => {
  const located = await locateMirror("m/", { geo, resolveHost: resolver("10.0.0.1") });
  assertEquals(located.location, null);
  assertEquals(located.warnings, []);
  assertEquals(locationSettings(located), { asNumber: 7 });
});

Deno.test("locateMirror() fails for a host without an address", async () => {
  const failing = { geo, resolveHost: () => Promise.reject(new Error("no such host")) };
  await assertRejects(() => locateMirror("nope/", failing), ControlError, "IP lookup failed");
  const empty = { geo, resolveHost: resolver() };
  await assertRejects(() => locateMirror("nope/", empty), ControlError, "IP lookup failed");
});
