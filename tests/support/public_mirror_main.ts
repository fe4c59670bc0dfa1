import { Daemon } from "./daemon.ts";
import { RsyncDaemon } from "./rsync_daemon.ts";
import { waitFor } from "./wait_for.ts";

/**
 * To be run where this host has a public address: for each target, has a mirror of that address lead
 * checks there, and prints as JSON what became of it.
 *
 * Arguments: a directory, the public address, the targets' hosts.
 */
const [directory, address, ...targets] = Deno.args as [string, string, ...string[]];
let target = "";
/** Hosts that were asked, besides the mirror. */
const asked = new Set<string>();
const serve = (hostname: string): Deno.HttpServer<Deno.NetAddr> =>
  Deno.serve({ hostname, port: 0, onListen: () => {} }, ({ url }) => {
    const { host, pathname } = new URL(url);
    if (host !== mirrorHost) asked.add(host);
    else if (target !== "") return Response.redirect(`http://${target}${pathname}`);
    return new Response("1750000000\n");
  });
await using canary = Deno.serve(
  { hostname: "::", port: 0, onListen: () => {} },
  ({ url }) => {
    asked.add(new URL(url).host);
    return new Response("1750000000\n");
  },
);
await using mirror = serve(address);
const mirrorHost = `${address}:${mirror.addr.port}`;
const tree = `${directory}/tree`;
await Deno.mkdir(tree);
await Deno.writeTextFile(`${tree}/trace`, "1750000000\n");
await using rsyncd = await RsyncDaemon.start({ mod: tree });
await using daemon = new Daemon({
  directory,
  config: { Repository: tree, CheckInterval: 0, TraceFileLocation: "trace" },
});
await daemon.start();
await daemon.ok("refresh");
await daemon.ok(...["add", "-http", `http://${mirrorHost}/`, "-rsync", rsyncd.url("mod"), "one"]);
await daemon.ok("edit", "one", "-set", "AllowRedirects=true");
await daemon.ok("scan", "-enable", "one");
const is = (state: string) => async (): Promise<boolean> =>
  new RegExp(`^one +${state}`, "m").test(await daemon.ok("list"));
await waitFor(is("up"), { what: "the mirror to be up" });
const outcomes: Record<string, { state: string; scan: string; asked: string[] }> = {};
for (const host of targets) {
  asked.clear();
  target = `${host}:${canary.addr.port}`;
  const lines = daemon.log.split("\n").length;
  const news = (): string => daemon.log.split("\n").slice(lines - 1).join("\n");
  await waitFor(() => asked.size > 0 || news().includes("Redirects to"), {
    what: `a check of ${host}`,
  });
  const scan = await daemon.ok("scan", "one");
  outcomes[host] = {
    state: news().match(/Redirects to a private address/)?.[0] ?? "",
    scan: scan.match(/Redirects to a private address/)?.[0] ?? "",
    asked: [...asked].map((other) => other.replace(/:\d+$/, "")),
  };
  target = "";
  await waitFor(is("up"), { what: "the mirror to be up again" });
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(outcomes)));
