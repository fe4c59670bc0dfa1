import { systemClock } from "../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { FtpLister } from "../../lib/scan/ftp_lister.ts";
import { HttpLister } from "../../lib/scan/http/http_lister.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { FtpServer } from "../support/ftp_server.ts";
import { startPyftpdlib } from "../support/pyftpdlib.ts";
import { startPythonHttp } from "../support/python_http.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { testLister } from "./lister_contract.ts";

testLister({
  name: "RsyncLister",
  lister: new RsyncLister({ clock: systemClock }),
  async serve(root, login) {
    const server = await RsyncDaemon.start({ mod: root }, login ? { auth: login } : {});
    return {
      url: server.url("mod"),
      freeze: () => Deno.kill(server.pid, "SIGSTOP"),
      thaw: () => Deno.kill(server.pid, "SIGCONT"),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
});

for (const machineListings of [true, false]) {
  testLister({
    name: `FtpLister by ${machineListings ? "MLSD" : "LIST"}`,
    lister: new FtpLister({ clock: systemClock }),
    serve(root, login) {
      let frozen = false;
      const server = FtpServer.start({
        root,
        machineListings,
        react: () => frozen ? "hang" : null,
        ...(login ? { login } : {}),
      });
      return Promise.resolve({
        url: server.url,
        freeze: () => frozen = true,
        thaw: () => frozen = false,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      });
    },
  });
}

for (const machineListings of [true, false]) {
  testLister({
    name: `FtpLister by ${machineListings ? "MLSD" : "LIST"} of another make`,
    lister: new FtpLister({ clock: systemClock }),
    hidesLinks: machineListings,
    async serve(root, login) {
      const server = await startPyftpdlib({ root, machineListings, ...(login ? { login } : {}) });
      return {
        url: `ftp://127.0.0.1:${server.port}/`,
        freeze: () => Deno.kill(server.pid, "SIGSTOP"),
        thaw: () => Deno.kill(server.pid, "SIGCONT"),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  });
}

testLister({
  name: "HttpLister",
  lister: new HttpLister({
    openClient: (keptConnections) =>
      createMonitorHttpClient({ clock: systemClock, keptConnections }),
    ...{ clock: systemClock, random: Math.random, rate: 200, redirects: true },
    ...{ interval: 21_600_000, scanInterval: 1_800_000 },
    resolve: () => Promise.resolve(["127.0.0.1"]),
  }),
  async serve(root, login) {
    const server = await startPythonHttp(root, login);
    return {
      url: `http://127.0.0.1:${server.port}/`,
      freeze: () => Deno.kill(server.pid, "SIGSTOP"),
      thaw: () => Deno.kill(server.pid, "SIGCONT"),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
});
