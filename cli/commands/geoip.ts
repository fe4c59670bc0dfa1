import type { GeoipJson } from "../../lib/control/api/geoip_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, UsageError } from "../flags.ts";
import { formatLogTime } from "../terminal/format_time.ts";

/** `geoip`: which databases tell where clients are. */
export default defineCommand({
  name: "geoip",
  group: "client",
  usage: "[OPTIONS] [ADDRESS]",
  summary: "Show the GeoIP databases, look an address up",
  description:
    "Show which GeoIP databases answer, of when and from where, and what they say of an address",
  details: "A name in the line of an address corrects or tells what stands there.\n" +
    "More, also about databases that keep themselves current: mirrorbits help geoip",
  examples: [
    ["mirrorbits geoip 192.0.2.7", "where that is"],
    ["mirrorbits geoip -update", "look for newer databases now"],
  ],
  flags: {
    update: booleanFlag("Look for newer databases now, where GeoipUpdate says from where"),
    json: booleanFlag("Print everything as JSON"),
  },
  operands: [0, 1],
  run: async ({ flags, operands: [address] }, { client, output }) => {
    if (flags.update && address !== undefined) {
      throw new UsageError("Either an address or -update, not both");
    }
    const found = flags.update ? await client.updateGeoip() : await client.geoip(address ?? null);
    if (flags.json) output.json(found);
    else for (const line of [...databaseLines(found), ...lookupLines(found)]) output.line(line);
    if (!flags.update) return 0;
    if (found.update.source === null) {
      output.error("Databases are fetched from nowhere: GeoipUpdate is off");
      return 1;
    }
    return found.update.failure === null ? 0 : 1;
  },
});

function databaseLines({ databases, old, update }: GeoipJson): string[] {
  const label = { place: "Places:", network: "Networks:" } as const;
  const lines = databases.map(({ role, name, type, built, answers, reason }) =>
    `${label[role].padEnd(10)}${type} of ${built.slice(0, 10)}${name === type ? "" : `, ${name}`}` +
    (answers ? "" : `: does not answer, ${reason}`)
  );
  for (const role of ["place", "network"] as const) {
    if (!databases.some((one) => one.role === role)) lines.push(`${label[role].padEnd(10)}none`);
  }
  return [
    ...lines,
    ...old.map((one) => `${"Warning:".padEnd(10)}${one}`),
    `${"Updates:".padEnd(10)}${updateText(update)}`,
  ];
}

function updateText({ source, checked, next, failure }: GeoipJson["update"]): string {
  if (source === null) return "off (GeoipUpdate)";
  const last = checked === null ? "not looked for yet" : `looked for ${formatLogTime(checked)}`;
  const then = next === null ? "" : `, next ${formatLogTime(next)}`;
  return `from ${source}, ${last}${then}${failure === null ? "" : `; failed: ${failure}`}`;
}

function lookupLines({ lookup }: GeoipJson): string[] {
  if (lookup === null) return [];
  const { address, place, sources } = lookup;
  if (place === null) return [`${address}: nobody knows`];
  const { city, country, countryCode, continentCode, latitude, longitude, located } = place;
  const { asNumber, asName } = place;
  const parts = [
    city,
    countryCode === "" ? "" : `${country} (${countryCode})`,
    continentCode,
    located ? `${latitude} ${longitude}` : "",
    asNumber === 0 ? "" : `AS${asNumber} ${asName}`.trim(),
  ];
  return [
    `${address}: ${parts.filter((part) => part !== "").join(", ")}`,
    ...sources.map((source) => `  by ${source}`),
  ];
}
