import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { adminMail, operatorMail } from "../../lib/notify/mail_text.ts";
import { downConcern } from "../../lib/notify/mirror_concerns.ts";
import { noticeJson } from "../../lib/notify/notice.ts";
import { Harness } from "../cli/harness.ts";
import { fakeServices, FakeStore } from "../control/fake_services.ts";
import { FILE_TIME, indexedFile, Site } from "../http/fixtures.ts";

/** What a check found, and where it must be told. */
export interface FoundCause {
  readonly mirror: MirrorRecord;
  readonly events: readonly MirrorEvent[];
  /** Why the mirror is down: `Unreachable`. */
  readonly reason: string;
  /** What lies behind it: `connection refused`. */
  readonly text: string;
  /** Empty: none was tried. */
  readonly address: string;
  /** The line of the daemon's log. */
  readonly log: string;
}

/**
 * Holds a cause against everything that tells it: `list` in a pipe and on a terminal, `logs`, JSON, the
 * daemon's log, messages, and the JSON that everybody may read.
 *
 * @returns what everybody may read
 */
export async function assertFaces(found: FoundCause): Promise<string> {
  const { mirror, events, reason, text, address, log } = found;
  const short = text === reason ? reason : `${reason}: ${text}`;
  const where = address === "" ? / \(\d+ ms\)/ : new RegExp(` \\(${escape(address)}, \\d+ ms\\)`);
  const full = new RegExp(`${escape(short)}${where.source}`);
  assertMatch(log, full);

  const store = new FakeStore();
  store.records.set(mirror.id, mirror);
  store.allEvents.push(...events);
  await using harness = new Harness(fakeServices({ store }));
  const pipe = await harness.run(["list"]);
  assertEquals(/\) {2}(\S.*)$/m.exec(pipe.stdout)?.[1], short);
  const terminal = await harness.run(["list"], { terminal: true, columns: 400 });
  assertMatch(terminal.stdout, full);
  assertMatch((await harness.run(["logs", mirror.name])).stdout, full);
  assertMatch((await harness.run(["show", mirror.name])).stdout, full);
  const secure = mirror.httpUrl.startsWith("https:");
  const [shown] = JSON.parse((await harness.run(["list", "-json"])).stdout);
  const json = secure ? shown.httpsDownCause : shown.httpDownCause;
  assertEquals([json.text, json.address], [text, address]);

  const concern = downConcern(mirror);
  assert(concern !== null);
  const notice = {
    ...{ event: "down", mirror: mirror.name, reason, cause: concern.cause } as const,
    ...{ since: concern.since, node: "n-1", logs: [] },
  };
  const { Reason, Cause } = noticeJson(notice);
  assertEquals(Reason, reason);
  assertMatch(Cause, new RegExp(`^${escape(text)}${where.source}$`));
  assertMatch(
    operatorMail(notice).text,
    new RegExp(`^Cause: +${escape(text)}${where.source}$`, "m"),
  );
  assertMatch(
    adminMail(notice, mirror.httpUrl, "a@b").text,
    new RegExp(`^Answer: +${full.source}$`, "m"),
  );

  const file = {
    ...indexedFile("/a"),
    copies: [{ mirrorId: mirror.id, size: 1000, modTime: FILE_TIME }],
  };
  const site = new Site({ mirrors: [mirror], files: [file] });
  const response = await site.get("/a?mirrorlist", { headers: { Accept: "application/json" } });
  const body = await response.json();
  const [excluded] = body.ExcludedList;
  const open: string = excluded[secure ? "HttpsDownCause" : "HttpDownCause"] ?? reason;
  if (address !== "") assertEquals(open.includes(address), false);
  assertEquals(/\d ms|https?:/.test(open), false);
  assertStringIncludes(text, open.replace(/ another host$/, ""));
  return open;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
