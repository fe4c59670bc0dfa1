import { systemClock } from "../../lib/daemon/system_clock.ts";
import { BatchRecorder } from "../../lib/stats/batch_recorder.ts";
import type { HourTally } from "../../lib/stats/hour_tally.ts";
import type { RequestTally } from "../../lib/stats/request_tally.ts";
import { ForwarderTally } from "../../lib/http/threads/forwarder_tally.ts";
import { HttpSide } from "../../lib/http/threads/side.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import { CONFIG, indexedFile, NOW, plainRequest } from "../http/fixtures.ts";
import { clientRecord, mirrorRecord, seededRandom } from "../selection/fixtures.ts";

const COUNTRIES = ["DE", "FR", "GB", "US", "JP", "BR", "ZA", "AU", "IN", "SE"];
const CLIENTS = 256;

/** What counts in an {@linkcode httpSide}; default: as in a daemon. */
export interface SideTallies {
  readonly tally?: RequestTally;
  readonly hours?: HourTally;
}

/**
 * An HTTP side with one hot file on every mirror, and requests from all over the world.
 *
 * @param count so many mirrors
 * @param headers of the requests
 * @returns answers the next request
 */
export function httpSide(
  count: number,
  headers: Readonly<Record<string, string>>,
  tallies: SideTallies = {},
): { answer: () => unknown } {
  const random = seededRandom(count);
  const place = () => ({ latitude: random() * 140 - 60, longitude: random() * 360 - 180 });
  const country = () => COUNTRIES[Math.floor(random() * COUNTRIES.length)]!;
  const mirrors = Array.from(
    { length: count },
    (_, index) => mirrorRecord(index + 1, { ...place(), countryCodes: [country()] }),
  );
  const clients = new Map<string, GeoRecord>();
  while (clients.size < CLIENTS) {
    clients.set(`192.0.2.${clients.size}`, clientRecord({ ...place(), countryCode: country() }));
  }
  const { file } = indexedFile("/pool/main/file-1.0.iso");
  const copies = mirrors.map(({ id }) => ({
    mirrorId: id,
    size: file.size,
    modTime: file.modTime,
  }));
  const entry = { file, copies };
  const recorder = new BatchRecorder({
    send: () => {},
    wanted: () => ({ logDir: "/", logRefused: "all", logAddress: "full" }),
    clock: systemClock,
    interval: 1e9,
  });
  let recorded = 0;
  const side = new HttpSide({
    ...tallies,
    config: CONFIG,
    files: { peek: () => entry, load: () => entry, drop: () => {}, clear: () => {} },
    reader: {
      fileDownloads: () => [],
      mirrorDownloads: () => new Map(),
      allFileDownloads: async function* () {},
      downloadsByPeriod: () => [],
      events: () => [],
      series: () => [],
      seriesSums: () => new Map(),
      totalDownloads: () => 0,
      pieceHashes: () => null,
      zsyncHead: () => null,
      revisions: () => [],
      zsyncPart: () => null,
      goneFile: () => null,
      askedNotes: (names) => names.map(() => null),
    },
    repository: {
      lookup: (_root, path) => Promise.resolve({ type: "missing", path }),
      oddNames: () => Promise.resolve(new Map()),
      list: () => Promise.resolve([]),
      read: () => Promise.resolve(null),
      namesTime: () => Promise.resolve(null),
      open: () => Promise.resolve("missing"),
    },
    openGeo: (places: ReadonlyMap<string, GeoRecord>) => ({
      resolve: (address) => places.get(address) ?? null,
    }),
    recorder: {
      record: (facts) => {
        recorder.record(facts);
        if (++recorded % 1000 === 0) recorder.flush();
      },
      flush: () => recorder.flush(),
      taken: () => {},
    },
    wanted: () => {},
    cut: () => {},
    threads: () => 1,
    after: systemClock.after,
    forwarders: new ForwarderTally(() => {}, systemClock),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    elapsed: systemClock.elapsed,
    now: () => NOW,
    random,
    version: "1.2.3",
  });
  side.receive({ type: "mirrors", mirrors });
  side.receive({ type: "geoip", databases: clients });
  const requests = [...clients.keys()].map((address) =>
    plainRequest(
      "http://localhost:8080/pool/main/file-1.0.iso",
      "GET",
      new Headers({ ...headers, "X-Forwarded-For": address }),
    )
  );
  const info = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } } as const;
  let next = 0;
  return { answer: () => side.handler(requests[next++ % CLIENTS]!, info) };
}
