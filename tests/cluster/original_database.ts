import type { Redis } from "ioredis";

/** A mirror of {@linkcode writeOriginalDatabase}. */
export interface OriginalMirror {
  readonly id: number;
  readonly name: string;
  /** Base URL with a trailing slash. */
  readonly http: string;
  readonly rsync?: string;
  /** Fields of the hash that differ from those of a mirror in Germany that is up. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A file of {@linkcode writeOriginalDatabase}, on the source and on every mirror. */
export interface OriginalFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modTime: number;
}

/** Downloads on one day, by path and by mirror. */
export interface OriginalCounters {
  readonly day: string;
  readonly files: Readonly<Record<string, number>>;
  readonly mirrors: Readonly<Record<number, readonly [downloads: number, bytes: number]>>;
}

/**
 * Fills a database as the original Mirrorbits leaves it, key by key, with its formats: times of copies
 * in a zone of their own, events with nanoseconds, no fields for what was never checked.
 *
 * @param now milliseconds since the epoch; the last scan was a minute ago
 */
export async function writeOriginalDatabase(
  redis: Redis,
  { mirrors, files, counters = [], now }: {
    readonly mirrors: readonly OriginalMirror[];
    readonly files: readonly OriginalFile[];
    readonly counters?: readonly OriginalCounters[];
    readonly now: number;
  },
): Promise<void> {
  const scanned = `${Math.floor(now / 1000) - 60}`;
  await redis.set("MIRRORBITS_DB_VERSION", "2");
  await redis.set("LAST_MID", `${Math.max(...mirrors.map(({ id }) => id))}`);
  for (const { path, size, modTime } of files) {
    await redis.sadd("FILES", path);
    await redis.hset(`FILE_${path}`, {
      size: `${size}`,
      modTime: goTime(modTime, 0),
      sha1: "",
      sha256: "",
      md5: "",
    });
  }
  for (const { id, name, http, rsync = "", fields = {} } of mirrors) {
    await redis.hset("MIRRORS", `${id}`, name);
    const protocol = http.startsWith("https://") ? "https" : "http";
    await redis.hset(`MIRROR_${id}`, {
      ...{ ID: `${id}`, name, http, rsync, ftp: "" },
      ...{ sponsorName: "", sponsorURL: "", sponsorLogo: "", adminName: "", adminEmail: "" },
      ...{ customData: "", continentOnly: "0", countryOnly: "0", asOnly: "0", score: "0" },
      ...{ latitude: "51.5", longitude: "10.5", continentCode: "EU", countryCodes: "DE" },
      ...{ excludedCountryCodes: "", asnum: "0", comment: "", allowredirects: "0", enabled: "1" },
      ...{ httpUp: "0", httpsUp: "0", [`${protocol}Up`]: "1", [`${protocol}DownReason`]: "" },
      ...{ stateSince: scanned, lastSync: scanned, lastSuccessfulSync: scanned },
      ...{ lastSuccessfulSyncProtocol: "0", lastSuccessfulSyncPrecision: "1000000000" },
      tzoffset: "0",
      ...fields,
    });
    for (const { path, size, modTime } of files) {
      await redis.sadd(`MIRRORFILES_${id}`, path);
      await redis.sadd(`FILEMIRRORS_${path}`, `${id}`);
      await redis.sadd(`HANDLEDFILES_${id}`, path);
      const copyTime = goTime(modTime, id % 2 === 0 ? 60 : 0);
      await redis.hset(`FILEINFO_${id}_${path}`, { size: `${size}`, modTime: copyTime });
    }
    const time = `${new Date(now - 60_000).toISOString().slice(0, 19)}.123456789Z`;
    await redis.rpush(
      `MIRRORLOGS_${id}`,
      `{"Type":2,"MirrorID":${id},"Timestamp":"${time}"}`,
      `{"Type":7,"MirrorID":${id},"Timestamp":"${time}","Typ":0}`,
      `{"Type":8,"MirrorID":${id},"Timestamp":"${time}","FilesIndexed":${files.length},` +
        `"KnownIndexed":${files.length},"Removed":0,"TZOffset":0}`,
    );
  }
  for (const { day, files, mirrors } of counters) {
    for (const period of ["", day.slice(0, 4), day.slice(0, 7), day]) {
      const ending = period === "" ? "" : `_${period.replaceAll("-", "_")}`;
      for (const [path, count] of Object.entries(files)) {
        await redis.hincrby(`STATS_FILE${ending}`, path, count);
        if (period === "") await redis.incrby("STATS_TOTAL", count);
      }
      for (const [id, [downloads, bytes]] of Object.entries(mirrors)) {
        await redis.hincrby(`STATS_MIRROR${ending}`, id, downloads);
        await redis.hincrby(`STATS_MIRROR_BYTES${ending}`, id, bytes);
      }
    }
  }
}

/** A time as Go prints it. @param zone minutes east of Greenwich */
function goTime(time: number, zone: number): string {
  const local = new Date(time + zone * 60_000).toISOString();
  const fraction = local.slice(19, 23).replace(/\.?0+$/, "");
  const offset = `+${String(zone / 60).padStart(2, "0")}00`;
  const name = zone === 0 ? "UTC" : "CET";
  return `${local.slice(0, 10)} ${local.slice(11, 19)}${fraction} ${offset} ${name}`;
}
