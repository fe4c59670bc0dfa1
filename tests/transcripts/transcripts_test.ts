import { assertEquals } from "@std/assert";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import { Harness } from "../cli/harness.ts";
import {
  fakeServices,
  FakeStore,
  MIRROR_SCAN,
  NOW,
  SOURCE_SCAN,
} from "../control/fake_services.ts";
import { formatStep, parseTranscript, splitWords } from "./transcript.ts";
import type { Step } from "./transcript.ts";

type Services = ReturnType<typeof fakeServices>;

/** Rewrites the transcripts with what the program does now, for somebody to read the difference. */
const UPDATE = Deno.env.get("UPDATE_TRANSCRIPTS") === "1";

/** What a transcript finds beside an empty store. */
const SETUPS: Readonly<Record<string, () => Promise<Services> | Services>> = {
  "list.txt": async () => {
    const services = fakeServices({ store: await mirrors("alpha", "beta", "gamma", "delta") });
    const { store } = services;
    for (const id of [1, 2, 4]) await store.enableMirror(id, true);
    const time = (text: string): number => Date.parse(`2026-11-${text}:00Z`);
    store.setState(1, { httpUp: true, stateSince: time("20T10:00") });
    store.setState(2, {
      httpDownReason: "Unreachable",
      httpsDownReason: "Unreachable",
      stateSince: time("21T10:00"),
    });
    await store.updateMirror({ ...store.records.get(4)!, httpUrl: "delta.example/" });
    store.setState(4, {
      httpUp: true,
      httpsDownReason: "Got status code 500",
      stateSince: time("20T10:00"),
    });
    return services;
  },
  "logs.txt": async () => {
    const services = fakeServices({ store: await mirrors("m1") });
    const events = [
      { type: "added" },
      { type: "scan_started", protocol: "rsync" },
      { type: "error", message: "rsync: no such module\nbye" },
      { type: "scan_started", protocol: "ftp" },
      { type: "scan_completed", indexed: 28, known: 28, removed: 0, timeZoneOffset: 0 },
      { type: "scan_completed", indexed: 28, known: 27, removed: 1, timeZoneOffset: -7200000 },
      { type: "edited" },
      { type: "enabled" },
      { type: "state", protocol: "http", up: true, reason: "" },
      { type: "state", protocol: "https", up: false, reason: "Unreachable" },
      { type: "disabled" },
    ] as const;
    for (const event of events) await services.store.addEvent({ ...event, mirrorId: 1, time: NOW });
    return services;
  },
  "scan.txt": async () =>
    fakeServices({
      store: await mirrors("corrected", "failing", "plain", "warned"),
      scans: {
        scanMirrorNow: (id, { protocol }) => {
          if (protocol === "ftp") {
            return Promise.reject(new ScanError("no_url", "no suitable URL for the scan"));
          }
          if (id === 1) return Promise.resolve({ ...MIRROR_SCAN, timeZoneOffset: -7200000 });
          if (id === 2) return Promise.reject(new ScanError("listing", "rsync: no such module"));
          const warnings = id === 4 ? ["Some files could not be read"] : [];
          return Promise.resolve({ ...MIRROR_SCAN, warnings });
        },
        scanSourceNow: () => Promise.resolve(SOURCE_SCAN),
      },
    }),
  "scan_not_indexed.txt": async () => {
    const message = "local repository not yet indexed. You should run 'refresh' first!";
    return fakeServices({
      store: await mirrors("m1", "m2"),
      scans: {
        scanMirrorNow: () => Promise.reject(new ScanError("not_indexed", message)),
        scanSourceNow: ({ force, rehash }) =>
          force
            ? Promise.resolve({ ...SOURCE_SCAN, warnings: rehash ? ["Cannot read /a"] : [] })
            : Promise.reject(new ScanError("repository", "The repository /srv is empty")),
      },
    });
  },
  "stats.txt": async () => {
    const services = fakeServices({ store: await mirrors("m1") });
    const { files, counts } = services.store;
    files.set("2026-11-22", new Map([["/b.iso", 2], ["/a.iso", 1]]));
    files.set("2026-11-21", new Map([["/b.iso", 3]]));
    files.set("2025", new Map([["/Old.iso", 4]]));
    counts.set("2026-11-22", new Map([[1, { downloads: 3, bytes: 1536 }]]));
    counts.set("2026-11-21", new Map([[1, { downloads: 1, bytes: 512 }]]));
    return services;
  },
  "reload.txt": () =>
    fakeServices({ reload: () => Promise.resolve({ warnings: ['Unknown key "Gzp"'] }) }),
  "reload_refused.txt": () =>
    fakeServices({
      reload: () => Promise.reject(new Error("Cannot parse line 3: OutputMode is wrong")),
    }),
  "password.txt": () =>
    fakeServices({
      config: () => ({
        rpcPassword: "let me in, 100 %ä",
        rpcListenAddress: { hostname: "localhost", port: 3390 },
      }),
    }),
};

async function mirrors(...names: string[]): Promise<FakeStore> {
  const store = new FakeStore();
  const { DEFAULT_SETTINGS } = await import("../../lib/control/mirror_settings.ts");
  for (const name of names) {
    await store.addMirror({ ...DEFAULT_SETTINGS, name, httpUrl: `http://${name}.example/` });
  }
  return store;
}

async function runStep(step: Step, harness: Harness): Promise<Step> {
  const [program, ...args] = splitWords(step.command);
  const edit = (text: string): string =>
    step.edits.reduce((edited, line) => {
      const [from = "", to = ""] = line.split(" => ");
      return edited.replace(from, to);
    }, text);
  const { exit, stdout, stderr } = await harness.run(args, {
    stdin: step.stdin,
    env: program === "mirrorbits" ? {} : { MIRRORBITS_PASSWORD: "let me in, 100 %ä" },
    ...(step.edits.length > 0 ? { edit } : {}),
  });
  return { ...step, stdout, stderr, exit };
}

for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`the program does what ${name} shows`, async () => {
    const file = new URL(name, import.meta.url);
    const text = await Deno.readTextFile(file);
    const services = await (SETUPS[name] ?? fakeServices)();
    await using harness = new Harness(services);
    const done: Step[] = [];
    for (const step of parseTranscript(text)) done.push(await runStep(step, harness));
    if (UPDATE) {
      const comment = text.slice(0, Math.max(text.search(/^\$ /m), 0));
      await Deno.writeTextFile(file, comment + done.map(formatStep).join("\n"));
    } else {
      assertEquals(done.map(formatStep), parseTranscript(text).map(formatStep));
    }
    // Whatever was refused was foreseen.
    assertEquals(services.log.lines.filter((line) => line.startsWith("error:")), []);
  });
}
