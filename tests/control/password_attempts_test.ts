import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { PasswordAttempts, WrongPasswordError } from "../../lib/control/password_attempts.ts";
import { createControlApp } from "../../lib/control/server.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { FAKE_CONFIG, fakeServices } from "./fake_services.ts";

const CONFIG = { ...FAKE_CONFIG, rpcPassword: "secret" };

const { delay } = fakeServices();

function wrong(): never {
  throw new WrongPasswordError();
}

/** Asks the control API, and tells the status once there is one. */
function api(time: FakeTime): {
  readonly ask: (password: string, hostname?: string) => { status: number | null };
  readonly log: MemoryLog;
} {
  const services = fakeServices({ config: () => CONFIG });
  const app = createControlApp({ ...services, now: () => time.now });
  const ask = (password: string, hostname = "192.0.2.1"): { status: number | null } => {
    const answer: { status: number | null } = { status: null };
    const headers = { authorization: `Bearer ${password}` };
    const request = new Request("http://localhost:3390/api/v1/version", { headers });
    const remoteAddr = { transport: "tcp", hostname, port: 4000 } as const;
    void app.fetch(request, { remoteAddr }).then(({ status }) => answer.status = status);
    return answer;
  };
  return { ask, log: services.log };
}

Deno.test("wrong passwords are logged, and wait after five, the right one too", async () => {
  using time = new FakeTime();
  const { ask, log } = api(time);
  const first = Array.from({ length: 5 }, () => ask("wrong"));
  await time.tickAsync(0);
  assertEquals(first.map(({ status }) => status), [401, 401, 401, 401, 401]);
  assertEquals(log.lines.length, 5);
  assertEquals(log.lines[0], "warn: Control API: wrong password from 192.0.2.1");
  assertStringIncludes(log.lines[4]!, "further ones have to wait");

  const waiting = [ask("wrong"), ask("secret"), ask("secret")];
  const elsewhere = ask("secret", "192.0.2.2");
  await time.tickAsync(900);
  assertEquals(waiting.map(({ status }) => status), [null, null, null]);
  assertEquals(elsewhere.status, 200);
  await time.tickAsync(200);
  assertEquals(waiting.map(({ status }) => status), [401, null, null]);
  await time.tickAsync(1000);
  assertEquals(waiting.map(({ status }) => status), [401, 200, null]);
  const after = ask("secret");
  await time.tickAsync(1000);
  assertEquals([after.status, waiting[2]!.status], [200, 200]);
});

Deno.test("of many wrong passwords at once few wait, and the rest is refused unread", async () => {
  using time = new FakeTime();
  const { ask, log } = api(time);
  const all = Array.from({ length: 1000 }, () => ask("wrong"));
  await time.tickAsync(0);
  assertEquals(all.filter(({ status }) => status === null).length, 10);
  await time.tickAsync(20_000);
  assertEquals(all.every(({ status }) => status === 401), true);
  assertEquals(log.lines.length, 15);
});

Deno.test("an address without a password, or with the right one, is not slowed down", async () => {
  using time = new FakeTime();
  const { ask } = api(time);
  for (let round = 0; round < 20; round++) {
    const answers = [ask("wrong"), ask("secret"), ask("")];
    await time.tickAsync(0);
    assertEquals(answers.map(({ status }) => status), [401, 200, 401]);
  }
});

Deno.test("PasswordAttempts takes an IPv6 network for one address, and forgets after a while", async () => {
  let now = 0;
  const log = new MemoryLog();
  const attempts = new PasswordAttempts({ now: () => now, delay, log });
  for (let host = 1; host <= 5; host++) {
    await assertRejects(() => attempts.judge(`2001:db8::${host}`, wrong), WrongPasswordError);
  }
  using time = new FakeTime();
  let looked = false;
  const judged = attempts.judge("2001:db8::99", () => looked = true);
  await time.tickAsync(500);
  assertEquals(looked, false);
  await time.tickAsync(600);
  await judged;
  for (let round = 0; round < 6; round++) {
    now += 700_000;
    await assertRejects(() => attempts.judge("2001:db8::1", wrong), WrongPasswordError);
  }
});

Deno.test("PasswordAttempts remembers no more than a thousand addresses", async () => {
  const attempts = new PasswordAttempts({ now: () => 0, delay, log: new MemoryLog() });
  for (let index = 0; index < 1500; index++) {
    const address = `10.0.${index >> 8}.${index & 255}`;
    await assertRejects(() => attempts.judge(address, wrong), ControlError);
  }
  assertEquals(attempts.size, 1000);
});
