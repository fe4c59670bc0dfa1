import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { MailServer } from "../support/mail_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { expectedSignature, WebhookReceiver } from "../support/webhook_receiver.ts";
import { Sample, type StoreKind } from "./sample.ts";
import { reconfigure } from "./steady_load.ts";

for (const kind of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`a webhook and people hear of a mirror that goes and comes (${kind} store)`, async () => {
    await using hook = new WebhookReceiver();
    await using mail = await MailServer.start("pass w@rd");
    await using sample = await Sample.start(kind);
    const { daemon, servers } = sample;
    await daemon.ok("edit", "-set", "AdminEmail=admin@nl.example", "nl");
    await reconfigure(daemon, {
      Notify: [
        { To: "webhook", URL: hook.url, Secret: "s3cret", Events: ["down", "up", "disabled"] },
        {
          To: "mail",
          SMTP: `smtp://robot:pass%20w%40rd@127.0.0.1:${mail.port}`,
          From: "mirrors@example.org",
          Recipients: ["ops@example.org"],
          Mirrors: true,
          ReplyTo: "ops@example.org",
          Events: ["down", "up"],
        },
      ],
    });
    await servers.nl.down();
    await sample.waitForState("nl", "down");
    await waitFor(() => hook.told.length > 0 && mail.mails.length > 1, { what: "messages" });
    await servers.nl.up();
    await sample.waitForState("nl", "up");
    await waitFor(() => hook.told.length > 1 && mail.mails.length > 2, { what: "messages" });
    await daemon.ok("disable", "nl");
    await waitFor(() => hook.told.length > 2, { what: "the third message" });

    assertEquals(hook.told, ["down nl", "up nl", "disabled nl"]);
    const [down, up] = hook.deliveries;
    assertEquals(down!.event, "down");
    assertEquals(down!.contentType, "application/json");
    assertEquals(down!.signature, expectedSignature(down!.text, "s3cret"));
    assertMatch(down!.id, /^[0-9a-f]{32}$/);
    assertEquals(new Set(hook.deliveries.map(({ id }) => id)).size, 3);
    assertEquals(Object.keys(down!.body), [
      ...["Event", "Mirror", "Reason", "Cause", "Since", "Node", "Logs"],
    ]);
    assertEquals(down!.body.Reason, "Unreachable");
    assertMatch(down!.body.Cause, /^connection refused \(127\.0\.0\.1, \d+ ms\)$/);
    assert(Math.abs(Date.parse(down!.body.Since) - Date.now()) < 120_000);
    assertMatch(down!.body.Logs.at(-1)!, /^\d{4}-\d\d-\d\dT\S+Z HTTP mirror is down: Unreachable/);
    assertMatch(up!.body.Reason, /^it was down since \S+, Unreachable$/);

    const toOps = mail.mails.filter(({ to }) => to.includes("ops@example.org"));
    assertEquals(toOps.map(({ subject }) => subject), [
      "Mirror nl is down",
      "Mirror nl is up again",
    ]);
    assertEquals(toOps[0]!.user, "robot");
    assertMatch(toOps[0]!.headers["mirrorbits-delivery"]!, /^[0-9a-f]{32}$/);
    const [toAdmin] = mail.mails.filter(({ to }) => to.includes("admin@nl.example"));
    assertEquals(toAdmin!.headers["reply-to"], "ops@example.org");
    assertStringIncludes(toAdmin!.text, `Asked:     ${servers.nl.url}`);
    assertMatch(toAdmin!.text, /Answer: {4}Unreachable: connection refused/);
    assertEquals(mail.mails.length, 3);
    for (const secret of ["hunter2", "s3cret", "pass w@rd", "pass%20w%40rd"]) {
      assert(!daemon.log.includes(secret), secret);
    }
  });

  Deno.test(`messages wait out a kill -9 and a restart (${kind} store)`, async () => {
    await using hook = new WebhookReceiver();
    const held = Promise.withResolvers<Response>();
    hook.answer = () => held.promise;
    await using sample = await Sample.start(kind);
    const { daemon, servers } = sample;
    await reconfigure(daemon, {
      Notify: [{ To: "webhook", URL: hook.url, Events: ["down", "up"] }],
    });
    await servers.nl.down();
    await waitFor(() => hook.deliveries.length > 0, { what: "a message on its way" });
    await daemon.stop("SIGKILL");
    held.resolve(new Response());
    hook.answer = () => new Response();
    await daemon.start({ Notify: [{ To: "webhook", URL: hook.url, Events: ["down", "up"] }] });
    await waitFor(() => hook.deliveries.length > 1, { what: "the message again" });
    await servers.nl.up();
    await waitFor(() => hook.deliveries.length > 2, { what: "the next message" });
    assertEquals(hook.told, ["down nl", "down nl", "up nl"]);
    const [first, second, third] = hook.deliveries;
    assertEquals(second!.id, first!.id);
    assertEquals(second!.text, first!.text);
    assert(third!.id !== first!.id);
  });
}

Deno.test("notify test tries every receiver, and shows no secret", async () => {
  await using hook = new WebhookReceiver();
  await using mail = await MailServer.start();
  await using sample = await Sample.start("embedded");
  const { daemon } = sample;
  assertEquals(await daemon.ok("notify", "test"), "Nobody is told anything: Notify is empty\n");
  await reconfigure(daemon, {
    Notify: [
      { To: "webhook", URL: hook.url, Events: ["down", "source"] },
      {
        To: "mail",
        SMTP: `smtp://127.0.0.1:${mail.port}`,
        From: "mirrors@example.org",
        Recipients: "ops@example.org",
        Events: "quota",
      },
      { To: "webhook", URL: `http://127.0.0.1:${freePort()}/hunter2` },
    ],
  });
  const all = await daemon.cli("notify", "test");
  assertEquals(all.code, 1);
  assertEquals(all.stdout.split("\n"), [
    "1 webhook down: sent, 204 No Content",
    "1 webhook source: sent, 204 No Content",
    "2 mail quota: sent, 250 OK: message queued",
    "3 webhook down: failed, connection refused",
    "",
  ]);
  assertEquals(hook.told, ["down test.example", "source"]);
  assertEquals(mail.mails[0]!.subject, "Test: Mirror test.example has used much of its quota");
  assertStringIncludes(await daemon.ok("notify", "test", "2"), "2 mail quota: sent");
  const wrong = await daemon.cli("notify", "test", "4");
  assertStringIncludes(wrong.stderr, "The configuration has no Notify entry 4");
  hook.answer = () => new Response(null, { status: 418 });
  const refused = await daemon.cli("notify", "test", "1");
  assertEquals(refused.stdout, "1 webhook down: failed, the server answered 418 I'm a teapot\n");
});
