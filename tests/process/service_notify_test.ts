import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ServiceNotify } from "../../lib/process/service_notify.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import {
  openServiceNotify,
  readServiceManagerRequest,
} from "../../lib/process/open_service_notify.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { NotifyReceiver } from "../support/notify_receiver.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A way to a service manager, whose variables these are. */
function open(
  directory: string,
  environment: Readonly<Record<string, string>>,
  log = new MemoryLog(),
): ServiceNotify {
  return openServiceNotify({
    environment,
    pid: 42,
    ownSocket: `${directory}/own.sock`,
    clock: systemClock,
    log,
  });
}

function abstractSockets(): boolean {
  try {
    const path = `\0mirrorbits-${crypto.randomUUID()}`;
    Deno.listenDatagram({ transport: "unixpacket", path }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("ServiceNotify tells the service manager each turn, in order", async () => {
  await using directory = await tempDir();
  await using receiver = new NotifyReceiver(`${directory.path}/notify.sock`);
  {
    await using notify = open(directory.path, { NOTIFY_SOCKET: `${directory.path}/notify.sock` });
    void notify.ready("Listening on [::]:8080");
    void notify.reloading();
    void notify.ready("Listening on\n[::]:8081");
    void notify.status("Waiting");
    void notify.stopping();
    // A reload ends after the signal to stop.
    void notify.ready("Too late");
  }
  await receiver.waitFor("STOPPING=1");
  const [first, reload, ...rest] = receiver.messages;
  assertEquals(first, "READY=1\nSTATUS=Listening on [::]:8080");
  const [, microseconds] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)\nSTATUS=.+$/.exec(reload!)!;
  // The process is younger than the machine.
  assert(Number(microseconds) / 1000 > performance.now());
  assertEquals(rest, [
    "READY=1\nSTATUS=Listening on [::]:8081",
    "STATUS=Waiting",
    "STOPPING=1\nSTATUS=Finishing running requests",
  ]);
  // Nothing is left beside the socket of the service manager.
  const names = [...Deno.readDirSync(directory.path)].map(({ name }) => name);
  assertEquals(names, ["notify.sock"]);
});

Deno.test("ServiceNotify says nothing any more once another process is the service", async () => {
  await using directory = await tempDir();
  await using receiver = new NotifyReceiver(`${directory.path}/notify.sock`);
  await using notify = open(directory.path, { NOTIFY_SOCKET: `${directory.path}/notify.sock` });
  await notify.handOver(4321);
  await notify.stopping();
  await using next = open(directory.path, { NOTIFY_SOCKET: `${directory.path}/notify.sock` });
  await next.ready("Here");
  await receiver.waitFor("READY=1");
  assertEquals(receiver.messages, ["MAINPID=4321", "READY=1\nSTATUS=Here"]);
});

Deno.test("ServiceNotify shows signs of life only while everything answers", async () => {
  await using directory = await tempDir();
  await using receiver = new NotifyReceiver(`${directory.path}/notify.sock`);
  await using notify = open(directory.path, {
    NOTIFY_SOCKET: `${directory.path}/notify.sock`,
    WATCHDOG_USEC: "20000",
  });
  let answers = true;
  let asked = 0;
  notify.watch(() => {
    asked++;
    return Promise.resolve(answers);
  });
  await receiver.waitFor("WATCHDOG=1", 3);
  answers = false;
  const before = asked;
  while (asked < before + 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await notify.status("Last");
  await receiver.waitFor("STATUS=Last");
  assert(receiver.messages.length <= before + 1, `${receiver.messages.length} of ${before}`);
});

Deno.test("ServiceNotify does nothing where nobody wants to know", async () => {
  await using directory = await tempDir();
  const log = new MemoryLog();
  await using notify = open(directory.path, { WATCHDOG_USEC: "1000" }, log);
  notify.watch(() => Promise.reject(new Error("asked")));
  await notify.ready("");
  assertEquals(log.lines, []);
});

Deno.test("ServiceNotify says once that nobody listens, and goes on", async () => {
  await using directory = await tempDir();
  const log = new MemoryLog();
  await using notify = open(directory.path, { NOTIFY_SOCKET: `${directory.path}/none` }, log);
  await notify.ready("");
  await notify.stopping();
  assertEquals(log.lines.length, 1);
  assertMatch(log.lines[0]!, /Cannot tell the service manager: .*No such file/);
});

Deno.test("openServiceNotify() warns of what it cannot use", async () => {
  await using directory = await tempDir();
  for (
    const [environment, warning] of [
      [{ NOTIFY_SOCKET: "vsock:2:1234" }, /Cannot reach the service manager at "vsock:2:1234"/],
      [{ LISTEN_FDS: "2", LISTEN_PID: "42" }, /passed 2 open sockets, which are not used: remove/],
    ] as const
  ) {
    const log = new MemoryLog();
    await using _notify = open(directory.path, environment, log);
    assertMatch(log.lines.join("\n"), warning);
  }
});

Deno.test({
  name: "ServiceNotify reaches an abstract socket",
  // Deno before 2.9 refuses every name with a NUL character.
  ignore: !abstractSockets(),
  async fn() {
    await using directory = await tempDir();
    const name = `mirrorbits-${crypto.randomUUID()}`;
    await using receiver = new NotifyReceiver(`\0${name}`);
    await using notify = open(directory.path, { NOTIFY_SOCKET: `@${name}` });
    await notify.ready("Here");
    await receiver.waitFor("READY=1");
  },
});

Deno.test("readServiceManagerRequest() leaves what is meant for another process", () => {
  const read = (environment: Record<string, string>) => readServiceManagerRequest(environment, 42);
  const nothing = { notifySocket: null, watchdogInterval: null, passedSockets: 0 };
  assertEquals(read({}), nothing);
  assertEquals(read({ NOTIFY_SOCKET: "" }), nothing);
  assertEquals(read({ WATCHDOG_USEC: "60000000" }).watchdogInterval, 30_000);
  assertEquals(read({ WATCHDOG_USEC: "3000000", WATCHDOG_PID: "42" }).watchdogInterval, 1500);
  assertEquals(read({ WATCHDOG_USEC: "3000000", WATCHDOG_PID: "43" }), nothing);
  assertEquals(read({ WATCHDOG_USEC: "often" }), nothing);
  assertEquals(read({ LISTEN_FDS: "1", LISTEN_PID: "42" }).passedSockets, 1);
  assertEquals(read({ LISTEN_FDS: "1", LISTEN_PID: "41" }), nothing);
});
