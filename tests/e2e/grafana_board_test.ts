import { assert, assertEquals } from "@std/assert";
import { grafanaBoard } from "../../cli/grafana_board.ts";
import { Prometheus } from "../support/prometheus.ts";
import { waitFor } from "../support/wait_for.ts";
import { PLACES, Sample } from "./sample.ts";

interface Board {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

Deno.test("every query of the board has data in a Prometheus that scrapes the daemon", async () => {
  await using sample = await Sample.start("embedded", { Workers: 2 });
  const { daemon } = sample;
  await using prometheus = await Prometheus.start([`127.0.0.1:${daemon.cliArgs[1]}`]);
  const printed = JSON.parse(await daemon.ok("config", "grafana")) as Board;
  assertEquals(printed, grafanaBoard() as Board);
  const queries = printed.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr }))
  );
  assert(queries.length > 20);
  let missing = queries;
  let round = 0;
  await waitFor(async () => {
    // Answers from memory, from the store, and in vain; some mirrors lack what is asked for.
    for (const { client } of Object.values(PLACES)) {
      await daemon.get("/changed.bin", { "X-Forwarded-For": client });
      await daemon.get(`/no/such/file-${round}`, { "X-Forwarded-For": client });
    }
    round++;
    const found = await Promise.all(missing.map(async ({ expr }) => {
      const query = expr.replaceAll("$__rate_interval", "20s").replaceAll("$job", "mirrorbits");
      const series = await prometheus.query(query);
      return series.length > 0 && series.every(({ value }) => !Number.isNaN(value));
    }));
    missing = missing.filter((_, index) => !found[index]);
    if (missing.length > 0) throw new Error(`Nothing for ${JSON.stringify(missing)}`);
    return true;
  }, { what: "data for every query", every: 500 });
  const [up] = await prometheus.query('sum(max by (mirror) (mirrorbits_mirror_up{family="any"}))');
  assertEquals(up?.value, 3);
});
