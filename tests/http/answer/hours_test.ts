import { assertEquals } from "@std/assert";
import { BatchRecorder } from "../../../lib/stats/batch_recorder.ts";
import { type HourCounts, HourTally } from "../../../lib/stats/hour_tally.ts";
import type { AnswerFacts, RecordedAnswers } from "../../../lib/stats/recorder.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { NOW, Site, type SiteOptions } from "../fixtures.ts";

/** A site that counts like a thread. */
async function counting(config: SiteOptions["config"] = {}) {
  const clock = new FakeClock(NOW);
  const sent: RecordedAnswers[] = [];
  const hours = new HourTally();
  const recorder = new BatchRecorder({
    send: (recorded) => sent.push(recorded),
    wanted: () => ({ logDir: null, logRefused: "all", logAddress: "full" }),
    hours,
    clock,
  });
  const site = new Site({ config, hours, record: (facts: AnswerFacts) => recorder.record(facts) });
  await site.side.prepared;
  const counted = (): readonly HourCounts[] => sent.flatMap(({ hours = [] }) => hours);
  return { clock, site, sent, recorder, counted };
}

Deno.test("what is answered counts in its hour, downloads with the country of their clients", async () => {
  const { site, recorder, counted } = await counting();
  await site.get("/pool/file.iso", { from: "81.2.69.160" });
  await site.get("/pool/file.iso", { from: "89.160.20.112" });
  await site.get("/pool/file.iso", { from: "192.0.2.1" });
  await site.get("/pool/file.iso", { method: "HEAD" });
  await site.get("/pool/file.iso?mirrorlist");
  await site.get("/none");
  await site.get("/%zz");
  site.now += 3_600_000;
  await site.get("/pool/file.iso", { from: "81.2.69.160" });
  await site.get("/pool/file.iso", { method: "PUT" });
  recorder.flush();
  assertEquals(counted(), [
    {
      hour: "2026-11-22T15",
      counts: {
        ...{ downloads: 3, bytes: 3000, "country:GB": 1, "country:SE": 1, "country:": 1 },
        ...{ "answer:redirect": 4, "answer:list": 1, "answer:not_found": 1, "answer:refused": 1 },
      },
    },
    {
      hour: "2026-11-22T16",
      counts: {
        ...{ downloads: 1, bytes: 1000, "country:GB": 1 },
        ...{ "answer:redirect": 1, "answer:refused": 1 },
      },
    },
  ]);
});

Deno.test("answers alone are sent within two seconds, and with downloads where there are some", async () => {
  const { clock, site, sent } = await counting();
  await site.get("/none");
  clock.tick(1999);
  assertEquals(sent.length, 0);
  clock.tick(1);
  assertEquals([sent.length, clock.waiting], [1, 0]);
  await site.get("/none");
  await site.get("/pool/file.iso");
  clock.tick(500);
  assertEquals([sent.length, sent[1]?.hours?.length, clock.waiting], [2, 1, 0]);
});

Deno.test("programs of IgnoreAgents count as bots, and nowhere else", async () => {
  const { site, sent, recorder, counted } = await counting({ ignoreAgents: ["bot\\b"] });
  const bot = { headers: { "user-agent": "SomeBot/1.0" } };
  const first = await site.get("/pool/file.iso", bot);
  assertEquals(first.status, 302);
  await site.get("/pool/file.iso", { headers: { ...bot.headers, range: "bytes=0-1" } });
  await site.get("/%zz", bot);
  await site.get("/pool/file.iso", { headers: { "user-agent": "curl" } });
  recorder.flush();
  assertEquals(counted().map(({ counts }) => counts), [
    { downloads: 1, bytes: 1000, bots: 3, "answer:redirect": 1, "country:": 1 },
  ]);
  assertEquals(sent.flatMap(({ batches }) => batches).map(({ files }) => [...files]), [
    [["/pool/file.iso", 1]],
  ]);
  // Another configuration counts them again.
  site.side.receive({ type: "configuration", config: { ...site.side.config, ignoreAgents: [] } });
  await site.side.prepared;
  await site.get("/pool/file.iso", bot);
  recorder.flush();
  assertEquals(counted().at(-1)?.counts.downloads, 1);
});
