import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { daemonPermissions } from "../../lib/config/daemon_permissions.ts";
import { loadConfig, type LoadedConfig } from "../../lib/config/load_config.ts";
import { NOTIFY_EVENTS } from "../../lib/config/notify_receiver.ts";

function load(text: string, environment: Record<string, string> = {}): LoadedConfig {
  return loadConfig({
    file: "m.conf",
    text,
    environment: { HOME: "/home/x", ...environment },
    flags: { repository: "/repo" },
    workingDirectory: "/work",
  });
}

function problemsOf(entry: string): readonly string[] {
  const error = assertThrows(() => load(`Notify:\n  - ${entry}\n`), ConfigError);
  return (error as ConfigError).problems;
}

Deno.test("Notify reads every kind of receiver", () => {
  const { config, warnings } = load(`
Notify:
  - To: webhook
    URL: https://hooks.example.org/x
    Secret: s3cret
    Events: [down, up]
    After: 30
  - To: mail
    SMTP: smtps://user:pass%40word@mail.example.org
    From: mirrors@example.org
    Recipients: ops@example.org
    Mirrors: true
    ReplyTo: ops@example.org
    Digest: 08:05
  - To: command
    Run: [/usr/local/bin/page-me, --loud]
`);
  const common = { events: NOTIFY_EVENTS, after: 0, variables: [] };
  assertEquals(warnings, []);
  assertEquals(config.notify, [
    {
      to: "webhook",
      url: "https://hooks.example.org/x",
      secret: "s3cret",
      events: ["down", "up"],
      after: 30,
      variables: [],
    },
    {
      to: "mail",
      smtp: "smtps://user:pass%40word@mail.example.org",
      from: "mirrors@example.org",
      recipients: ["ops@example.org"],
      mirrors: true,
      replyTo: "ops@example.org",
      digest: 485,
      ...common,
    },
    { to: "command", run: ["/usr/local/bin/page-me", "--loud"], ...common },
  ]);
});

Deno.test("Notify says what is wrong, and shows no secret", () => {
  const mail = "To: mail, SMTP: smtp://u:hunter2@m.example, From: a@b.example";
  const cases: [string, string][] = [
    ["{To: pager}", 'Notify entry 1: To must be webhook, mail or command, found "pager"'],
    ["{URL: http://a/}", "Notify entry 1: To is missing"],
    ["{To: webhook}", "Notify entry 1: URL is missing"],
    [
      "{To: webhook, URL: hunter2}",
      "Notify entry 1: URL must be an HTTP or HTTPS URL or $NAME of a variable, found something else",
    ],
    [
      "{To: webhook, URL: http://a/, Events: [dwon]}",
      "Notify entry 1: Events entry 1 must be " +
      'down, up, disabled, stale, certificate, quota, fallback or source, found "dwon"',
    ],
    [
      "{To: webhook, URL: http://a/, After: -1}",
      'Notify entry 1: After must be a whole number from 0 to 10080, found "-1"',
    ],
    [`{${mail}}`, "Notify entry 1 must be somebody's: give Recipients, or Mirrors: true, found "],
    [`{${mail}, Recipients: ["a@b.example\\nBcc: x@y"]}`, "Recipients entry 1 must be an address"],
    [`{${mail}, Mirrors: true, Digest: 25:00}`, "Digest must be a time of day in UTC"],
    ["{To: command, Run: [page-me]}", "Run must be a list that begins with the absolute path"],
    [
      "{To: command, Run: [/bin/x], Secret: hunter2}",
      "must be without Secret, which no command has",
    ],
  ];
  for (const [entry, problem] of cases) {
    const problems = problemsOf(entry).join("\n");
    assert(problems.includes(problem), `${entry}: ${problems}`);
    assert(!problems.includes("hunter2"), problems);
  }
});

Deno.test("Notify takes at most 32 receivers", () => {
  const entry = "  - {To: command, Run: [/bin/true]}\n";
  assertEquals(load(`Notify:\n${entry.repeat(32)}`).config.notify.length, 32);
  assertThrows(() => load(`Notify:\n${entry.repeat(33)}`), ConfigError);
});

Deno.test("Notify reads values from variables, and leaves out whose are missing", () => {
  const text = `
Notify:
  - {To: webhook, URL: $HOOK, Secret: $KEY}
  - {To: webhook, URL: $NOTHING}
  - {To: mail, SMTP: $ODD, From: a@b.example, Mirrors: true}
`;
  const { config, warnings } = load(text, {
    HOOK: "https://hooks.example/hunter2",
    KEY: "k",
    ODD: "ftp://hunter2@x",
  });
  assertEquals(config.notify.length, 1);
  assertEquals(config.notify[0], {
    to: "webhook",
    url: "https://hooks.example/hunter2",
    secret: "k",
    events: NOTIFY_EVENTS,
    after: 0,
    variables: ["HOOK", "KEY"],
  });
  assertEquals(warnings, [
    "Notify entry 2 is not used: URL stands in the variable NOTHING, which is not set",
    "Notify entry 3 is not used: SMTP stands in the variable ODD, which holds nothing of use",
  ]);
});

Deno.test("daemonPermissions() allows what messages need", () => {
  const { config } = load(
    `
Notify:
  - {To: webhook, URL: $HOOK}
  - {To: mail, SMTP: "smtp://u:p@mail.example", From: a@b.example, Mirrors: true}
  - {To: command, Run: [/usr/local/bin/page-me, x]}
`,
    { HOOK: "https://hooks.example/x" },
  );
  const { net, run, env } = daemonPermissions({
    ...{ config, configFile: "/m.conf", pidFile: "/p", logFile: null, certificates: null },
    ...{ realRepository: "/repo", executable: "/deno", sources: null, mirrorHosts: [] },
  });
  assert(Array.isArray(net) && net.includes("hooks.example:443"));
  assert(net.includes("mail.example:587"));
  assert(run.includes("/usr/local/bin/page-me"));
  assert(Array.isArray(env) && env.includes("HOOK"));
});
