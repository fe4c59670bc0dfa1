import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { tempDir } from "../support/temp_dir.ts";

async function selfSigned(directory: string, name: string): Promise<{ cert: string; key: string }> {
  const [key, cert] = [`${directory}/${name}.key`, `${directory}/${name}.pem`];
  const { success } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "2", "-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", key, "-out", cert],
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("openssl failed");
  return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
}

Deno.test(
  "createMonitorHttpClient() trusts a self-signed certificate that it was given, and no other",
  async () => {
    await using directory = await tempDir();
    const server = await selfSigned(directory.path, "server");
    const other = await selfSigned(directory.path, "other");
    await using listening = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...server },
      (request) => new Response(request.method === "HEAD" ? null : "1700000000\n"),
    );
    const url = `https://127.0.0.1:${listening.addr.port}/trace`;
    {
      using client = createMonitorHttpClient({ clock: systemClock, certificates: [server.cert] });
      const head = await client.fetch(url, { method: "HEAD", redirect: "manual" });
      assertEquals(head.status, 200);
      const get = await client.fetch(url, { redirect: "manual" });
      assertEquals(await get.text(), "1700000000\n");
    }
    using client = createMonitorHttpClient({ clock: systemClock, certificates: [other.cert] });
    await assertRejects(() => client.fetch(url, { method: "HEAD" }));
  },
);
