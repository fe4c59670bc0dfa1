import type { NotifyEvent } from "../config/notify_receiver.ts";
import type { Mail } from "./content.ts";
import type { Notice } from "./notice.ts";

/** What each event means in the subject of a mail about a mirror, or about a node. */
const SUBJECTS: Readonly<Record<NotifyEvent, string>> = {
  down: "is down",
  up: "is up again",
  disabled: "was disabled",
  stale: "is out of date",
  certificate: "needs a new certificate",
  quota: "has used much of its quota",
  fallback: "fallbacks answer too often",
  source: "the repository is not scanned",
};

/** What the admin of a mirror may do about it. */
const HELP: Readonly<Record<NotifyEvent, string>> = {
  down:
    "Please look whether the server runs, is reachable from the network, and has the file that\n" +
    "was asked for. It is checked again all the time and used as soon as it answers.",
  up: "",
  disabled: "It gets no requests until we enable it again. Please write to us when it is well.",
  stale:
    "Please look whether the last synchronisation ended well, and whether it runs often enough.",
  certificate: "Please renew the certificate, and have the server load the new one.",
  quota: "It gets fewer requests, or none, until the quota begins anew.",
  fallback: "",
  source: "",
};

/** Writes a notice to those who run the redirector. */
export function operatorMail(notice: Notice): Mail {
  return {
    recipients: [],
    subject: subjectOf(notice),
    text: `${factsOf(notice)}${logsOf(notice)}`,
  };
}

/** Writes a notice to the admin of the mirror: what was asked, what came back, since when, what helps. */
export function adminMail(notice: Notice, url: string, recipient: string): Mail {
  const facts = [
    `Hello,`,
    ``,
    `you run the mirror ${notice.mirror}, to which we send downloads. ${openingOf(notice)}`,
    ``,
    ...answerOf(notice, url),
    `Since:     ${timeText(notice.since)}`,
    ``,
    HELP[notice.event],
  ];
  return {
    recipients: [recipient],
    subject: subjectOf(notice),
    text: `${facts.join("\n").trimEnd()}\n`,
  };
}

/** One notice in one line, for a summary. */
export function noticeLine({ event, mirror, reason, cause, since }: Omit<Notice, "logs">): string {
  const what = mirror === "" ? capital(SUBJECTS[event]) : `${mirror} ${SUBJECTS[event]}`;
  const why = whyOf({ reason, cause });
  return `${what}, since ${timeText(since)}${why === "" ? "" : `: ${why}`}`;
}

/** A time for people. @returns `2026-11-22 12:00 UTC` */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `Unreachable: connection refused (192.0.2.7, 12 ms)`: a cause that begins with the reason says both. */
function whyOf({ reason, cause }: Pick<Notice, "cause" | "reason">): string {
  if (cause.startsWith(reason)) return cause;
  return [reason, cause].filter((text) => text !== "").join(": ");
}

function subjectOf({ event, mirror, node }: Notice): string {
  return mirror === "" ? `${node}: ${SUBJECTS[event]}` : `Mirror ${mirror} ${SUBJECTS[event]}`;
}

/** What was asked and what came back, or why it was disabled. */
function answerOf(notice: Notice, url: string): string[] {
  if (notice.event !== "disabled") return [`Asked:     ${url}`, `Answer:    ${whyOf(notice)}`];
  return notice.reason === "" ? [] : [`Why:       ${notice.reason}`];
}

function openingOf({ event }: Notice): string {
  return event === "down" ? "It does not answer as it should." : `It ${SUBJECTS[event]}.`;
}

function factsOf(notice: Notice): string {
  const facts = {
    Mirror: notice.mirror,
    Event: notice.event,
    Reason: notice.reason,
    Cause: notice.cause,
    Since: timeText(notice.since),
    Node: notice.node,
  };
  return Object.entries(facts).filter(([, value]) => value !== "")
    .map(([name, value]) => `${`${name}:`.padEnd(10)} ${value}\n`).join("");
}

function logsOf({ logs }: Notice): string {
  return logs.length === 0 ? "" : `\nLast lines of its log:\n${logs.join("\n")}\n`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
