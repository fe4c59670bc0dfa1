import { assertEquals } from "@std/assert";
import { ALERT_RULES } from "../../cli/alert_rules.ts";
import { promtool } from "../support/prometheus.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Two nodes say the same of the mirrors. */
const NODES = ["a:3390", "b:3390"];

/** Series of each node. @param values in the notation of promtool */
function series(name: string, labels: Readonly<Record<string, string>>, values: string): object[] {
  return NODES.map((instance) => {
    const all = { job: "mirrorbits", instance, ...labels };
    const text = Object.entries(all).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return { series: `${name}{${text.join(",")}}`, values };
  });
}

/** Mirrors of a continent; those that are not up are down. */
function mirrors(continent: string, up: Readonly<Record<string, boolean>>): object[] {
  return Object.entries(up).flatMap(([mirror, is]) => [
    ...series("mirrorbits_mirror_info", { mirror, continent, country: "" }, "1x300"),
    ...series(
      "mirrorbits_mirror_up",
      { mirror, scheme: "http", family: "any" },
      is ? "1x300" : "0x300",
    ),
  ]);
}

const WELL = [
  ...mirrors("EU", { e1: true, e2: true, e3: true }),
  // The only one there is: nobody can do anything about that.
  ...mirrors("OC", { o1: false }),
  ...series("mirrorbits_build_info", { version: "1", deno: "2" }, "1x300"),
  ...series("mirrorbits_source_last_scan_timestamp_seconds", {}, "0+60x300"),
  ...series("mirrorbits_requests_total", { answer: "redirect" }, "0+100x300"),
  ...series("mirrorbits_requests_total", { answer: "fallback" }, "0+1x300"),
  ...["e1", "e2", "e3"].flatMap((mirror) =>
    series("mirrorbits_redirects_total", { mirror }, "0+30x300")
  ),
  ...series("mirrorbits_mirror_certificate_end_timestamp_seconds", { mirror: "e1" }, "9e9x300"),
  ...series("mirrorbits_mirror_lag_seconds", { mirror: "e1" }, "3600x300"),
  ...series("mirrorbits_store_up", { store: "redis" }, "1x300"),
  ...series("mirrorbits_geoip_build_timestamp_seconds", { role: "place", type: "City" }, "0x300"),
  // The embedded one.
  ...series(
    "mirrorbits_geoip_build_timestamp_seconds",
    { role: "place", type: "country ipvAll" },
    "-9e9x300",
  ),
];

/** Series in place of those with the same name and labels. */
function but(...changed: readonly object[]): object[] {
  const all = new Map(
    [...WELL, ...changed].map((one) => [(one as { series: string }).series, one]),
  );
  return [...all.values()];
}

const CASES: Readonly<Record<string, object[]>> = {
  MirrorbitsFewMirrorsUp: but(...mirrors("EU", { e2: false, e3: false })),
  MirrorbitsSourceNotScanned: but(
    ...series("mirrorbits_source_last_scan_timestamp_seconds", {}, "0x300"),
  ),
  MirrorbitsFallbackShare: but(
    ...series("mirrorbits_requests_total", { answer: "fallback" }, "0+10x300"),
  ),
  MirrorbitsOneMirrorServesMost: but(
    ...series("mirrorbits_redirects_total", { mirror: "e1" }, "0+90x300"),
  ),
  MirrorbitsCertificateEnds: but(
    ...series("mirrorbits_mirror_certificate_end_timestamp_seconds", { mirror: "e1" }, "5e5x300"),
  ),
  MirrorbitsMirrorStale: but(
    ...series("mirrorbits_mirror_lag_seconds", { mirror: "e1" }, "200000x300"),
  ),
  MirrorbitsGeoipOld: but(
    ...series(
      "mirrorbits_geoip_build_timestamp_seconds",
      { role: "place", type: "City" },
      "-5200000x300",
    ),
  ),
  MirrorbitsStoreDown: but(...series("mirrorbits_store_up", { store: "redis" }, "0x300")),
};

/** A test of promtool: what fires after four hours of such series. */
function firing(input: readonly object[], alerts: readonly string[]): object {
  return {
    interval: "1m",
    input_series: input,
    promql_expr_test: [{
      expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: "4h",
      exp_samples: alerts.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
    }],
  };
}

Deno.test("the rules are such, and each fires when it should and at no other time", async () => {
  await using temporary = await tempDir("mirrorbits-rules-");
  const directory = temporary.path;
  await Deno.writeTextFile(`${directory}/rules.yml`, ALERT_RULES);
  const { code, said } = await promtool("check", "rules", `${directory}/rules.yml`);
  assertEquals([code, /SUCCESS: 8 rules found/.test(said)], [0, true], said);
  // Nobody ever scanned it.
  const never = WELL.filter((one) => !(one as { series: string }).series.includes("_source_last"));
  const file = `${directory}/test.yml`;
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      rule_files: [`${directory}/rules.yml`],
      evaluation_interval: "1m",
      tests: [
        firing(WELL, []),
        ...Object.entries(CASES).map(([alert, input]) => firing(input, [alert])),
        firing(never, ["MirrorbitsSourceNotScanned"]),
      ],
    }),
  );
  const tested = await promtool("test", "rules", file);
  assertEquals(tested.code, 0, tested.said);
});
