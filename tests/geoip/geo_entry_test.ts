import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { geoRecord } from "../../lib/geoip/geo_entry.ts";

const LONDON = {
  city: { names: { de: "London (DE)", en: "London" } },
  continent: { code: "EU", names: { en: "Europe" } },
  country: { iso_code: "GB", names: { en: "United Kingdom", fr: "Royaume-Uni" } },
  location: { latitude: 51.5142, longitude: -0.0931, time_zone: "Europe/London" },
  registered_country: { iso_code: "US" },
};

Deno.test("geoRecord() reads the nested layout, names in English", () => {
  assertEquals(geoRecord(LONDON, null), {
    countryCode: "GB",
    country: "United Kingdom",
    continentCode: "EU",
    city: "London",
    latitude: 51.5142,
    longitude: -0.0931,
    located: true,
    asNumber: 0,
    asName: "",
  });
});

Deno.test("geoRecord() reads flat layouts", () => {
  const expected = {
    countryCode: "FR",
    country: "France",
    continentCode: "EU",
    city: "Lyon",
    latitude: 45.75,
    longitude: 4.85,
    located: true,
    asNumber: 0,
    asName: "",
  };
  const coordinates = { latitude: 45.75, longitude: 4.85 };
  assertEquals(geoRecord({ country_code: "FR", city: "Lyon", ...coordinates }, null), expected);
  assertEquals(
    geoRecord({ country_code: "fr", city: "Lyon", latitude: "45.75", longitude: "4.85" }, null),
    expected,
  );
  assertEquals(
    geoRecord({
      country: "FR",
      country_name: "France",
      continent: "EU",
      city: "Lyon",
      lat: 45.75,
      lng: 4.85,
    }, null),
    expected,
  );
  assertEquals(
    geoRecord({
      country: "Frankreich",
      country_code: "FR",
      continent: "Europe",
      continent_code: "EU",
      city: "Lyon",
      ...coordinates,
    }, null),
    { ...expected, country: "Frankreich" },
  );
});

Deno.test("geoRecord() puts a country without coordinates into its middle", () => {
  const record = geoRecord({ country_code: "DE" }, null);
  assertEquals(record, {
    countryCode: "DE",
    country: "Germany",
    continentCode: "EU",
    city: "",
    latitude: 51.1,
    longitude: 10.4,
    located: true,
    asNumber: 0,
    asName: "",
  });
  assertEquals(geoRecord({ country: { iso_code: "DE" } }, null), record);
  assertEquals(geoRecord({ country_code: "DE", latitude: 91.5, longitude: 1 }, null), record);
  assertEquals(geoRecord({ country_code: "DE", latitude: NaN, longitude: 1 }, null), record);
});

Deno.test("geoRecord() locates nobody without a known country", () => {
  const nobody = { latitude: 0, longitude: 0, located: false };
  const continentOnly = geoRecord({
    continent: { code: "AS" },
    location: { latitude: 34.5, longitude: 105.5 },
  }, null);
  assertEquals({ ...continentOnly, ...nobody }, continentOnly);
  assertEquals(continentOnly?.continentCode, "AS");
  const unknownCode = geoRecord({ country_code: "QQ" }, null);
  assertEquals({ ...unknownCode, ...nobody, countryCode: "QQ" }, unknownCode);
});

Deno.test("geoRecord() reads the AS of either database, in every layout", () => {
  const as = { asNumber: 64496, asName: "Example" };
  for (
    const network of [
      { autonomous_system_number: 64496, autonomous_system_organization: "Example" },
      { traits: { autonomous_system_number: 64496, autonomous_system_organization: "Example" } },
      { as_number: 64496, as_organization: "Example" },
      { as_number: "64496", as_name: "Example" },
      { asn: "AS64496", as_org: "Example" },
    ]
  ) {
    const alone = geoRecord(null, network);
    assertEquals(alone?.located, false);
    assertEquals({ ...alone, ...as }, { ...alone });
    const traits = geoRecord({ ...LONDON, ...network }, null);
    assertEquals(traits, { ...geoRecord(LONDON, null)!, ...as });
    const other = { autonomous_system_number: 1, autonomous_system_organization: "Other" };
    assertEquals(geoRecord({ ...LONDON, ...other }, network)?.asName, "Example");
  }
  assertEquals(geoRecord(null, { autonomous_system_number: 7018 })?.asName, "");
});

Deno.test("geoRecord() knows nothing of entries that say nothing", () => {
  assertEquals(geoRecord(null, null), null);
  for (
    const entry of [
      {},
      { country_code: "" },
      { country_code: "ZZ" },
      { country_code: "None" },
      { country: {} },
      { registered_country: { iso_code: "FR" } },
      { autonomous_system_number: 0, autonomous_system_organization: "None" },
      { autonomous_system_number: -1 },
      { autonomous_system_number: 2 ** 32 },
      { asn: "AS" },
      [],
    ]
  ) assertEquals(geoRecord(entry as never, entry as never), null, JSON.stringify(entry));
});

Deno.test("geoRecord() takes any entry and gives values within bounds", () => {
  const key = fc.constantFrom(
    ...["country", "country_code", "continent", "city", "location", "latitude", "longitude"],
    ...["names", "en", "iso_code", "code", "traits", "autonomous_system_number", "asn"],
  );
  const { entry } = fc.letrec((tie) => ({
    entry: fc.dictionary(
      key,
      fc.oneof(
        { depthSize: "small" },
        fc.anything({ maxDepth: 0 }),
        fc.constant("DE"),
        tie("entry"),
      ),
    ),
  }));
  fc.assert(fc.property(entry, entry, (place, network) => {
    const record = geoRecord(place as never, network as never);
    if (!record) return;
    assertEquals(Math.abs(record.latitude) <= 90 && Math.abs(record.longitude) <= 180, true);
    assertEquals(/^([A-Z]{2})?$/.test(record.countryCode), true);
    assertEquals(typeof record.city, "string");
  }));
});
