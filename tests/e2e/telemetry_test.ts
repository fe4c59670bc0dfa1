import { assert, assertEquals, assertMatch } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { scrape } from "../support/metrics.ts";
import { OtlpReceiver, type ReceivedSpan } from "../support/otlp_receiver.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test({
  name:
    "a receiver of OpenTelemetry is told of requests, scans, checks, calls of the store, and the log",
  ignore: !Daemon.canTell,
  async fn() {
    await using receiver = new OtlpReceiver();
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir()).path;
    for (const tree of ["repository", "mirror"]) {
      await writeFile(`${directory}/${tree}`, "/file.bin", { size: 7 });
    }
    const server = stack.use(MirrorServer.start(`${directory}/mirror`));
    const daemon = stack.use(
      new Daemon({
        directory,
        env: receiver.environment,
        config: { Repository: `${directory}/repository`, Workers: 1, CheckInterval: 0 },
      }),
    );
    // What is told of is the daemon: a command that tells, too, may wait for its receiver when it ends.
    daemon.cliCommand = ["env", "OTEL_DENO=false", ...Daemon.command];
    await daemon.start();
    await daemon.ok("add", "-http", server.url, "-set", "Latitude=1", "-set", "Longitude=1", "m");
    await daemon.ok("enable", "m");
    const failed = await daemon.cli("scan", "m", "-rsync");
    assertEquals(failed.code, 1);
    await daemon.get("/file.bin");
    const find = (name: string, scope = "mirrorbits"): ReceivedSpan | undefined =>
      receiver.spans.find((span) => span.scope === scope && span.name === name);
    for (const name of ["scan source", "check mirror", "store lookup", "store mirrors"]) {
      await waitFor(() => find(name) !== undefined, { what: `a span "${name}"` });
    }
    assertEquals(find("check mirror")?.attributes, { mirror: "m" });
    // What nobody remembered was looked up for a request.
    const lookup = find("store lookup")!;
    const request = (): ReceivedSpan | undefined =>
      receiver.spans.find(({ spanId }) => spanId === lookup.parentSpanId);
    await waitFor(() => request() !== undefined, { what: "the span of the request" });
    assertEquals([request()?.scope, request()?.traceId], ["deno", lookup.traceId]);
    // A check has the runtime's own span of the question to the mirror below it.
    const checked = new Set(
      receiver.spans.filter(({ name }) => name === "check mirror").map(({ spanId }) => spanId),
    );
    await waitFor(
      () =>
        receiver.spans.some(({ scope, parentSpanId }) =>
          scope === "deno" && checked.has(parentSpanId)
        ),
      { what: "a fetch of a check" },
    );
    await waitFor(() => receiver.logs.some(({ text }) => text.includes("Listening on")), {
      what: "the log",
    });
    assert(receiver.logs.every(({ severity }) => /^(DEBUG|INFO|WARN|ERROR)$/.test(severity)));
    assertMatch(daemon.log, /Listening on/);
    await waitFor(() => receiver.metrics.has("http.server.request.duration"), {
      what: "metrics",
    });
    // Our own are the same that Prometheus reads.
    const page = await scrape(`http://127.0.0.1:${daemon.cliArgs[1]}/metrics`);
    const counted = page.sum("mirrorbits_requests_total");
    assert(counted > 0);
    const requests = (): number =>
      [...receiver.values].filter(([name]) => name.startsWith("mirrorbits_requests_total "))
        .reduce((sum, [, value]) => sum + value, 0);
    await waitFor(() => requests() === counted, { what: `${counted} requests in our own metrics` });
    const names = page.text.matchAll(/^(mirrorbits_\w+|process_\w+)(\{| )/gm);
    const scraped = new Set([...names].map(([, name]) => name!));
    await waitFor(() => scraped.isSubsetOf(receiver.metrics), { what: "all metrics" });
    assert(receiver.metrics.has("mirrorbits_request_seconds_bucket"));
  },
});

Deno.test({
  name: "nobody is told anything where OpenTelemetry is off",
  // In an executable the switch is one of its making.
  ignore: Daemon.isExecutable,
  async fn() {
    await using receiver = new OtlpReceiver();
    const { OTEL_DENO: _, ...rest } = receiver.environment;
    await using place = await tempDir();
    await writeFile(`${place.path}/repository`, "/file.bin");
    await using daemon = new Daemon({
      directory: place.path,
      env: rest,
      config: { Repository: `${place.path}/repository`, Workers: 1 },
    });
    await daemon.start();
    await daemon.get("/file.bin");
    await daemon.ok("refresh");
    await daemon.stop();
    assertEquals(receiver.requests, 0);
  },
});
