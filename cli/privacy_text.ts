import type { Config } from "../lib/config/config.ts";
import { storePlace } from "../lib/config/store_place.ts";

/** Says what a daemon with a configuration keeps of clients, where, and for how long: one line each. */
export function privacyText(config: Config): string {
  const { logDir, logAddress, logRefused, sameDownloadInterval: seconds } = config;
  const place = storePlace(config);
  const store = place.type === "redis" ? "Redis" : place.path;
  const address = {
    full: "the client's address",
    network: "the first address of the client's network (/24, /48)",
    none: "no address",
  }[logAddress];
  const refused = {
    all: "refused requests, too",
    sampled: "up to 100 refused requests a second, too",
    none: "no refused requests",
  }[logRefused];
  const hidden = place.type === "redis"
    ? ""
    : `, hidden by a key in ${place.path}.key, which is in no backup`;
  const ranges = seconds === 0
    ? "nothing: SameDownloadInterval is 0"
    : `SHA-256 of address and user agent beside the path${hidden}, for ${seconds} seconds`;
  const memory = seconds === 0
    ? ""
    : `; numbers made of address, user agent and path of whole requests, for ${seconds} seconds`;
  const lines = [
    [
      "Download log",
      logDir === null
        ? "none: LogDir is not set"
        : `${logDir}/downloads.log: time, path, mirror, ${address}; ${refused}; until you delete it`,
    ],
    [
      "Counters",
      `${store}: downloads of each file and mirror by day, no clients; ${
        config.keepStats === 0 ? "for ever" : `for ${config.keepStats} days`
      }`,
    ],
    [
      "Countries",
      `${store}: downloads by country, for 48 hours by the hour and 400 days by the day`,
    ],
    ["Downloads in ranges", `${store}: ${ranges}`],
    [
      "Memory",
      `addresses of the last 50000 clients and their places, in each HTTP thread, never written${memory}`,
    ],
    [
      "Metrics",
      `requests by continent${config.metricsCountries ? " and country" : ""}, no addresses; ${
        config.metricsListenAddress === null ? "on the control API" : "on a port without a password"
      }; until the daemon ends`,
    ],
    [
      "Runtime log",
      "addresses that sent a wrong password, networks that forward without being trusted to, paths of requests that failed; until you delete it",
    ],
    ["Other hosts", "nothing of a client is sent anywhere; the chosen mirror sees it by itself"],
  ] as const;
  return lines.map(([what, text]) => `${what}: ${text}\n`).join("");
}
