import { assertEquals } from "@std/assert";
import type { MirrorEvent, MirrorEventDetail } from "../../lib/catalog/mirror_event.ts";
import type { ContractCase } from "../store_contract.ts";
import { sampleMirror, TIME } from "./samples.ts";

const DETAILS: readonly MirrorEventDetail[] = [
  { type: "added" },
  { type: "edited" },
  { type: "enabled" },
  { type: "disabled" },
  { type: "error", message: "Cannot connect to \"mirror\":\n  'time-out' ☠" },
  { type: "state", protocol: "http", up: true, reason: "" },
  { type: "state", protocol: "https", up: false, reason: "File not found /a b (error 404)" },
  { type: "scan_started", protocol: "rsync" },
  { type: "scan_started", protocol: "ftp" },
  {
    type: "scan_completed",
    indexed: 1_000_000,
    known: 999_999,
    removed: 0,
    timeZoneOffset: -7_200_000,
  },
  {
    ...{ type: "scan_completed", indexed: 3, known: 2, removed: 1, timeZoneOffset: 0 },
    numbers: { current: 1, older: 2, size: 3, newer: 4, missing: 5, foreign: 6 },
  },
  {
    ...{ type: "state", protocol: "http", up: false, reason: "Unreachable" },
    cause: { kind: "connect", text: "refused", address: "2001:db8::7", milliseconds: 12 },
  },
  { type: "certificate", ends: Date.UTC(2026, 11, 1), days: 13 },
  { type: "copy_forgotten", path: "/a b", why: "size" },
  {
    ...{ type: "downtime", step: "planned", reason: "new ☂" },
    ...{ from: Date.UTC(2026, 11, 1), until: Date.UTC(2026, 11, 2, 3) },
  },
  { type: "downtime", step: "cancelled", from: Date.UTC(2026, 11, 1), until: null, reason: "" },
  { type: "note", text: "new disks ☂" },
];

/** The mirrors' event logs. */
export const eventCases: readonly ContractCase[] = [
  {
    name: "events() gives every kind of event back, oldest first",
    run: async ({ store }) => {
      const mirrorId = await store.addMirror(sampleMirror("m"));
      const other = await store.addMirror(sampleMirror("other"));
      assertEquals(await store.events(mirrorId, 10), []);
      const events = DETAILS.map((detail, i): MirrorEvent => ({
        ...detail,
        mirrorId,
        time: TIME + i * 1001,
        // Some are done by somebody.
        ...(i % 2 === 0 ? {} : { by: `ops ☂ ${i}` }),
      }));
      for (const event of events) await store.addEvent(event);
      await store.addEvent({ type: "enabled", mirrorId: other, time: TIME });
      assertEquals(await store.events(mirrorId, 100), events);
      assertEquals(await store.events(other, 100), [
        { type: "enabled", mirrorId: other, time: TIME },
      ]);
    },
  },
  {
    name: "events() gives the newest when there are more than asked for",
    run: async ({ store }) => {
      const mirrorId = await store.addMirror(sampleMirror("m"));
      for (let i = 0; i < 5; i++) {
        await store.addEvent({ type: "error", message: `${i}`, mirrorId, time: TIME });
      }
      const messages = (events: MirrorEvent[]): string[] =>
        events.map((event) => event.type === "error" ? event.message : event.type);
      assertEquals(messages(await store.events(mirrorId, 2)), ["3", "4"]);
      assertEquals(messages(await store.events(mirrorId, 5)), ["0", "1", "2", "3", "4"]);
      assertEquals(await store.events(mirrorId, 0), []);
    },
  },
  {
    name: "addEvent() keeps the newest 10 000 of each mirror",
    run: async ({ store }) => {
      const mirrorId = await store.addMirror(sampleMirror("m"));
      const other = await store.addMirror(sampleMirror("other"));
      await store.addEvent({ type: "added", mirrorId: other, time: TIME });
      for (let i = 0; i < 10_003; i++) {
        await store.addEvent({ type: "enabled", mirrorId, time: TIME + i });
      }
      const events = await store.events(mirrorId, 20_000);
      assertEquals(events.length, 10_000);
      assertEquals(events[0]?.time, TIME + 3);
      assertEquals(events.at(-1)?.time, TIME + 10_002);
      assertEquals((await store.events(other, 10)).length, 1);
    },
  },
];
