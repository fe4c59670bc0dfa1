/** What `INFO` tells about a server. */
export interface ServerInfo {
  /** `Redis 7.0.15`, `Valkey 8.0.1`; without a number when the server does not tell it. */
  readonly name: string;
  /** The Redis version that the server is compatible with; `null` when it does not tell it. */
  readonly version: string | null;
  /** Whether it still loads its data from disk. */
  readonly loading: boolean;
  /** The address of its primary; `null`: it is one itself. */
  readonly primary: string | null;
  /** Whether it is a Sentinel. */
  readonly sentinel: boolean;
}

/** Reads the answer to `INFO`. */
export function parseServerInfo(text: string): ServerInfo {
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(":");
      return colon < 0 || line.startsWith("#")
        ? []
        : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  const version = fields.get("redis_version") ?? null;
  const valkey = fields.get("valkey_version");
  const replica = fields.get("role") === "slave" || fields.get("role") === "replica";
  return {
    name: valkey ? `Valkey ${valkey}` : version ? `Redis ${version}` : "Redis",
    version,
    loading: fields.get("loading") === "1",
    primary: replica ? `${fields.get("master_host")}:${fields.get("master_port")}` : null,
    sentinel: fields.get("redis_mode") === "sentinel",
  };
}

/** Whether a version such as `3.2.12` is 3.2 or later. */
export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 2);
}
