import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import { disabledReason } from "../../lib/notify/disabled_reason.ts";
import { adminMail, operatorMail } from "../../lib/notify/mail_text.ts";

const disabled: MirrorEvent = { type: "disabled", mirrorId: 1, time: 9_000 };
const gaveUp: MirrorEvent = {
  ...{ type: "error", mirrorId: 1, time: 9_000, message: "Disabled: down for 2d" },
};
const missing: MirrorEvent = {
  ...{ type: "state", mirrorId: 1, time: 9_000, protocol: "http", up: false },
  reason: "File not found /a (error 404)",
};

Deno.test("disabledReason() tells why a mirror was disabled, or by whom", () => {
  const cases: [events: MirrorEvent[], reason: string, cause?: string][] = [
    [[gaveUp, disabled], "down for 2d"],
    [[gaveUp, disabled, { type: "note", mirrorId: 1, time: 9_500, text: "x" }], "down for 2d"],
    [[missing, disabled], "File not found /a (error 404)"],
    [[{ ...disabled, by: "anna" }], "", "by anna"],
    [[{ ...missing, time: 1_000 }, disabled], ""],
    [[{ ...gaveUp, message: "rsync: refused" }, disabled], ""],
    [[gaveUp, disabled, { ...disabled, type: "enabled" }], ""],
    [[disabled], ""],
    [[gaveUp], ""],
    [[], ""],
  ];
  for (const [events, reason, cause = ""] of cases) {
    assertEquals(disabledReason(events), { reason, cause });
  }
});

Deno.test("adminMail() tells the admin of a disabled mirror why, not by whom", () => {
  const notice = {
    ...{ event: "disabled", mirror: "m1", node: "n", logs: [], since: 0 } as const,
    ...{ reason: "down for 2d", cause: "by anna" },
  };
  const { text } = adminMail(notice, "http://m1.example/", "a@m1.example");
  assertMatch(text, /^Why: +down for 2d$/m);
  assert(!text.includes("anna"));
  const unknown = adminMail({ ...notice, reason: "" }, "http://m1.example/", "a@m1.example");
  assert(!/^(Why|Answer)/m.test(unknown.text));
  assertStringIncludes(operatorMail(notice).text, "by anna");
});
