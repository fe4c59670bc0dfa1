import { assertEquals } from "@std/assert";
import { mirrorHosts } from "../../lib/control/mirror_hosts.ts";
import { permissionFlags } from "../../lib/config/permission_flags.ts";
import type { Config } from "../../lib/config/config.ts";
import {
  daemonPermissions,
  type PermissionFacts,
  type Permissions,
} from "../../lib/config/daemon_permissions.ts";
import { defaults } from "../../lib/config/load_config.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";

function permissions(config: Partial<Config>, facts: Partial<PermissionFacts> = {}): Permissions {
  return daemonPermissions({
    config: { ...defaults({ HOME: "/home/m" }), repository: "/srv/files", ...config },
    configFile: "/etc/mirrorbits.conf",
    pidFile: "/run/mirrorbits/mirrorbits.pid",
    logFile: null,
    certificates: null,
    realRepository: "/srv/files",
    executable: "/usr/bin/mirrorbits",
    sources: null,
    mirrorHosts: [],
    ...facts,
  });
}

Deno.test("daemonPermissions() allows what the configuration names, and nothing else", () => {
  const { read, write, net, run, sys } = permissions({});
  assertEquals(read, [
    "/etc/mirrorbits.conf",
    "/srv/files",
    "/usr/share/GeoIP",
    "/run/mirrorbits/mirrorbits.pid",
    "/home/m/.local/state/mirrorbits",
  ]);
  assertEquals(write, ["/run/mirrorbits/mirrorbits.pid", "/home/m/.local/state/mirrorbits"]);
  assertEquals(net, ["[::]:8080", "localhost:3390"]);
  assertEquals(run, ["rsync", "rsync-ssl", "/usr/bin/mirrorbits"]);
  assertEquals(sys, ["hostname", "setPriority"]);
});

Deno.test("daemonPermissions() allows the hosts that GeoIP databases are fetched from", () => {
  const hosts = (geoipUpdate: string) => {
    const { net } = permissions({ geoipUpdate });
    return net === true ? net : net.slice(2);
  };
  assertEquals(hosts("off"), []);
  assertEquals(hosts("dbip"), ["download.db-ip.com:443"]);
  assertEquals(hosts("maxmind"), [
    "download.maxmind.com:443",
    "mm-prod-geoip-databases.a2649acb697e2c09b632799562c076f2.r2.cloudflarestorage.com:443",
  ]);
  assertEquals(hosts("http://me:x@geo.example/{edition}"), ["geo.example:80"]);
  assertEquals(hosts("https://[::1]:8443/{edition}"), ["[::1]:8443"]);
});

Deno.test("daemonPermissions() follows each key that names a file or a host", () => {
  const { read, write, net, env } = permissions({
    templates: "/etc/pages",
    logDir: "/var/log/m",
    listenAddress: { transport: "unix", path: "/run/m.sock" },
    redisAddress: { hostname: "::1", port: 6379 },
    rpcListenAddress: { hostname: "127.0.0.1", port: 1 },
  }, {
    logFile: "/var/log/m/run.log",
    certificates: "/etc/ssl/own.pem",
    realRepository: "/mnt/snapshot",
    sources: "/opt/mirrorbits",
    mirrorHosts: ["m.example:443", "m.example:443"],
  });
  assertEquals(read.slice(2), [
    "/mnt/snapshot",
    "/usr/share/GeoIP",
    "/etc/pages",
    "/etc/ssl/own.pem",
    "/run/mirrorbits/mirrorbits.pid",
    "/var/log/m/run.log",
    "/opt/mirrorbits",
    "/var/log/m/downloads.log",
    "/home/m/.local/state/mirrorbits",
    "/run/m.sock",
    "/run/m.sock.next",
  ]);
  assertEquals(write, [
    "/run/mirrorbits/mirrorbits.pid",
    "/var/log/m/run.log",
    "/var/log/m/downloads.log",
    "/home/m/.local/state/mirrorbits",
    "/run/m.sock",
    "/run/m.sock.next",
  ]);
  assertEquals(net, [
    ...["unix:/run/m.sock", "unix:/run/m.sock.next", "127.0.0.1:1", "[::1]:6379"],
    "m.example:443",
  ]);
  assertEquals(env, true);
});

Deno.test("daemonPermissions() allows every host where nobody can tell which", () => {
  assertEquals(permissions({}, { mirrorHosts: null }).net, true);
  const sentinels = { redisSentinels: [{ hostname: "s", port: 26379 }] };
  assertEquals(permissions(sentinels).net, true);
});

Deno.test("permissionFlags() writes options of Deno", () => {
  const flags = permissionFlags(permissions({ repository: "/srv/a,b" }, { mirrorHosts: null }));
  assertEquals(flags.map((flag) => flag.split("=")[0]), [
    ...["--allow-read", "--allow-write", "--allow-net", "--allow-run", "--allow-env"],
    ...["--allow-sys", "--allow-ffi"],
  ]);
  assertEquals(flags[0]?.includes(",/srv/a,,b,"), true);
  assertEquals(flags[2], "--allow-net");
});

Deno.test("permissionFlags() leaves out what nothing is needed of", () => {
  const flags = permissionFlags({ ...permissions({}), ffi: [], run: [] });
  assertEquals(flags.some((flag) => /^--allow-(ffi|run)/.test(flag)), false);
});

Deno.test("mirrorHosts() lists what the daemon connects to for a mirror", () => {
  const hosts = (httpUrl: string, ftpUrl = ""): string[] =>
    mirrorHosts({ ...DEFAULT_SETTINGS, httpUrl, ftpUrl });
  assertEquals(hosts("https://m.example/pub/"), ["m.example:443"]);
  assertEquals(hosts("http://m.example:8080/"), ["m.example:8080"]);
  assertEquals(hosts("m.example/"), ["m.example:80", "m.example:443"]);
  assertEquals(hosts("m.example:81/"), ["m.example:81"]);
  assertEquals(hosts("http://[2001:db8::1]/", "ftp://user:pass@[2001:db8::2]:2121/"), [
    "[2001:db8::1]:80",
    "[2001:db8::2]",
  ]);
});
