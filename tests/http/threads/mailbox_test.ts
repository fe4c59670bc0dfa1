import { assertEquals } from "@std/assert";
import { Mailbox } from "../../../lib/http/threads/mailbox.ts";
import type { ControlMessage } from "../../../lib/http/threads/messages.ts";
import { MemoryLog } from "../../support/memory_log.ts";

const PATHS: ControlMessage<never> = { type: "paths", paths: Array(10).fill("/a/file.iso") };
const NEWS: readonly ControlMessage<never>[] = [
  { type: "mirrors", mirrors: [] },
  { type: "everything" },
];

/** A mailbox that has room for some four messages like `PATHS`. */
function mailboxOf() {
  const log = new MemoryLog();
  const sent: ControlMessage<never>[] = [];
  const mailbox = new Mailbox<never>({
    send: (message) => sent.push(message),
    news: () => NEWS,
    log,
    limit: 3000,
  });
  const take = (): string => sent.splice(0).map(({ type }) => type).join(" ");
  return { mailbox, log, take };
}

Deno.test("Mailbox sends everything to a thread that takes it in", () => {
  const { mailbox, log, take } = mailboxOf();
  for (let count = 0; count < 100; count++) {
    mailbox.send(PATHS);
    const sent = take();
    if (sent === "paths ping") mailbox.answered();
    else assertEquals(sent, "paths");
  }
  assertEquals(log.lines, []);
});

Deno.test("Mailbox tells a thread that is behind everything anew when it answers", () => {
  const { mailbox, log, take } = mailboxOf();
  for (let count = 0; count < 10; count++) mailbox.send(PATHS);
  assertEquals(take(), "paths ping paths ping paths ping paths ping ping");
  // What is no change is sent all the same.
  mailbox.send({ type: "leave", most: 1 });
  mailbox.send({ type: "mirror_removed", id: 1 });
  mailbox.send({ type: "taken" });
  assertEquals(take(), "leave taken");
  // An answer to an earlier ping does not mean that it has taken in everything.
  for (let ping = 0; ping < 4; ping++) mailbox.answered();
  mailbox.send(PATHS);
  assertEquals(take(), "");
  mailbox.answered();
  assertEquals(take(), "mirrors everything ping");
  assertEquals(log.lines, [
    "warn: An HTTP thread does not take in what changes: it is told everything anew when it does",
  ]);
  mailbox.answered();
  assertEquals(log.lines.slice(1), ["info: An HTTP thread takes in again what changes"]);
  mailbox.send(PATHS);
  assertEquals(take(), "paths ping");
});

Deno.test("Mailbox says once what happens again and again", () => {
  const { mailbox, log, take } = mailboxOf();
  for (let round = 0; round < 5; round++) {
    for (let count = 0; count < 10; count++) mailbox.send(PATHS);
    const pings = take().split("ping").length - 1;
    // The ping after the news is among the next ones.
    for (let count = 0; count < pings; count++) mailbox.answered();
  }
  assertEquals(log.lines.length, 1);
});

Deno.test("Mailbox counts long texts of mirrors", () => {
  const { mailbox, take } = mailboxOf();
  const mirror = { comment: "x".repeat(4000), customData: "" };
  for (let count = 0; count < 3; count++) {
    mailbox.send({ type: "mirror", mirror } as unknown as ControlMessage<never>);
  }
  assertEquals(take(), "mirror ping ping");
});

Deno.test("Mailbox counts notes and links for what they take", () => {
  const notes = { type: "notes", kind: "gone", fresh: false } as const;
  const value = "x".repeat(900);
  const messages: ControlMessage<never>[] = [
    { ...notes, put: new Map([["/file", value]]), removed: [] },
    { ...notes, put: new Map([[value, ""]]), removed: [] },
    { ...notes, put: new Map(), removed: [value] },
    { type: "aliases", aliases: new Map(Array.from({ length: 4 }, (_, i) => [`/${i}`, "/a"])) },
  ];
  for (const message of messages) {
    const { mailbox, take } = mailboxOf();
    for (let count = 0; count < 10; count++) mailbox.send(message);
    const word = message.type;
    assertEquals(take(), `${word} ping ${word} ping ${word} ping ping`, JSON.stringify(message));
    mailbox.send({ type: "salt", salt: "00" });
    assertEquals(take(), "");
  }
});
