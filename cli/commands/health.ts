import type { HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";
import { formatLogTime } from "../terminal/format_time.ts";

/** `health`: whether the daemon can answer requests. */
export default defineCommand({
  name: "health",
  group: "client",
  usage: "",
  summary: "Print whether the daemon is ready",
  description: "Print whether the daemon is ready for requests, and what it works with",
  details: "Fails when it is not, or when something is wrong with its store though it answers.\n" +
    "Load balancers can ask the daemon itself whether to send it requests: GET /?healthz",
  flags: { json: booleanFlag("Print the facts as JSON") },
  operands: [0, 0],
  examples: [["mirrorbits health || systemctl restart mirrorbits", "for a supervisor"]],
  run: async ({ flags }, { client, output }) => {
    const health = await client.health();
    if (flags.json) output.json(health);
    else output.write(healthText(health));
    return health.well ? 0 : 1;
  },
});

function healthText({ ready, trouble, http, store, source, mirrors }: HealthJson): string {
  const facts = {
    "Ready:": trouble === null ? "yes" : ready ? `yes, but: ${trouble}` : `no, ${trouble}`,
    "HTTP:": http.address === ""
      ? "not listening yet"
      : `${http.address}, ${http.threads} ${http.threads === 1 ? "thread" : "threads"}`,
    "Store:": `${store.description}${store.available ? "" : ", not available"}`,
    "Source:": `${source.files ?? "unknown number of"} files, ${
      source.lastScan === null
        ? "not scanned by this process"
        : `scanned ${formatLogTime(source.lastScan)}`
    }`,
    "Mirrors:": mirrors.enabled === null
      ? "unknown"
      : `${mirrors.up} of ${mirrors.enabled} enabled are up`,
  };
  const hint = http.hint === null ? {} : { "Hint:": http.hint };
  return Object.entries({ ...facts, ...hint })
    .map(([name, fact]) => `${name.padEnd(8)} ${fact}\n`).join("");
}
