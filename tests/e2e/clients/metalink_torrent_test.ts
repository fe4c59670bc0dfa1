import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RangeServer } from "../../support/range_server.ts";
import { waitFor } from "../../support/wait_for.ts";
import { PYTHON } from "../../tools/install.ts";
import { ISO, sampleBytes, Stand } from "./stand.ts";

const BYTES = sampleBytes(1_500_123);
const ODD = "/odd/a b+ü&<'1>.iso";
const ODD_URL = "/odd/a%20b+%C3%BC&%3C%271%3E.iso";
const FILES = { [ISO]: BYTES, [ODD]: sampleBytes(1_100_000, 5), "/small": "small\n" };

/** On loopback only, with nobody but who the document names. */
const ARIA2 = [
  ...["--no-conf", "--console-log-level=error", "--summary-interval=0", "--interface=lo"],
  ...["--disable-ipv6=true", "--enable-dht=false", "--bt-enable-lpd=false"],
  ...["--enable-peer-exchange=false", "--allow-overwrite=true", "--auto-file-renaming=false"],
];

/** Reads a torrent, and downloads it from its web seeds. */
const LIBTORRENT = `
import json, sys, time
import libtorrent as lt
torrent, place, download = sys.argv[1:]
info = lt.torrent_info(torrent)
raw = lt.bdecode(open(torrent, "rb").read())
hashes = info.info_hashes()
told = {
  "v1": str(hashes.v1), "v2": str(hashes.v2) if hashes.has_v2() else None, "name": info.name(),
  "size": info.total_size(), "seeds": [seed["url"] for seed in info.web_seeds()],
  "trackers": [[each.tier, each.url] for each in info.trackers()],
  "info": sorted(key.decode() for key in raw[b"info"]), "keys": sorted(key.decode() for key in raw),
}
if download == "make":
  storage = lt.file_storage()
  lt.add_files(storage, place)
  made = lt.create_torrent(storage, raw[b"info"][b"piece length"])
  lt.set_piece_hashes(made, place.rsplit("/", 1)[0])
  both = made.generate()
  told["same"] = lt.bencode(both[b"info"]) == lt.bencode(raw[b"info"])
  told["layers"] = both[b"piece layers"] == raw[b"piece layers"]
else:
  session = lt.session({
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "listen_interfaces": "127.0.0.1:0", "ssrf_mitigation": False,
  })
  handle = session.add_torrent({"ti": info, "save_path": place})
  end = time.time() + 60
  while time.time() < end and not handle.status().is_seeding: time.sleep(0.05)
  told["complete"] = handle.status().is_seeding
print(json.dumps(told))
`;

const MAGNET = `
import json, sys
import libtorrent as lt
params = lt.parse_magnet_uri(sys.argv[1])
hashes = params.info_hashes
print(json.dumps({
  "v1": str(hashes.v1), "v2": str(hashes.v2) if hashes.has_v2() else None, "name": params.name,
  "trackers": list(params.trackers), "seeds": list(params.url_seeds),
}))
`;

async function python(stand: Stand, script: string, ...args: string[]) {
  return JSON.parse(await stand.ok(PYTHON, "-W", "ignore", "-c", script, ...args));
}

/** Saves what the daemon answers. */
async function save(stand: Stand, target: string, name: string): Promise<string> {
  const response = await fetch(stand.url(target));
  assertEquals(response.status, 200, target);
  await Deno.writeFile(`${stand.home}/${name}`, await response.bytes());
  return `${stand.home}/${name}`;
}

Deno.test("metalinks serve xmllint, aria2 and wget2", async (t) => {
  await using stand = await Stand.start(FILES);
  const [de, fr] = stand.mirrors;

  await t.step("both versions are well-formed, whatever the name", async () => {
    for (const path of [ISO, ODD_URL, "/small"]) {
      for (const word of ["meta4", "metalink"]) {
        const file = await save(stand, `${path}?${word}`, "x.xml");
        await stand.ok("xmllint", "--noout", "--nonet", file);
        const query = "string(//*[local-name()='file']/@name)";
        const name = (await stand.ok("xmllint", "--nonet", "--xpath", query, file)).trimEnd();
        assertEquals(name, decodeURIComponent(path.slice(path.lastIndexOf("/") + 1)));
      }
    }
  });

  await t.step("aria2 downloads, first from the first mirror", async () => {
    for (const ending of ["meta4", "metalink"]) {
      stand.takeRequests();
      await stand.ok("aria2c", ...ARIA2, "-s1", stand.url(`${ISO}.${ending}`));
      const xml = await Deno.readTextFile(`${stand.home}/test.iso.${ending}`);
      const first = /(?:priority="1"|preference="100")>(http:\S+?)iso\//.exec(xml)![1];
      const requests = stand.takeRequests();
      assertEquals(first === de.url ? requests.fr : requests.de, []);
      await stand.same("test.iso", ISO);
    }
  });

  await t.step("aria2 follows a location, and goes on elsewhere when that one fails", async () => {
    const args = [...ARIA2, "-s1", "--metalink-location=fr", stand.url(`${ISO}.meta4`)];
    stand.takeRequests();
    await stand.ok("aria2c", ...args);
    assertEquals(stand.takeRequests().de, []);
    await stand.same("test.iso", ISO);
    fr.answer = () => new Response("no", { status: 404 });
    await stand.ok("aria2c", ...args);
    const { de: second, fr: first } = stand.takeRequests();
    assert(first.length > 0 && second.length > 0);
    await stand.same("test.iso", ISO);
    fr.answer = null;
  });

  await t.step("aria2 never takes a wrong byte", async () => {
    const wrong = BYTES.slice();
    wrong[700_000]! ^= 1;
    const answer = (path: string): Response | null => path === ISO ? new Response(wrong) : null;
    for (const mirror of stand.mirrors) mirror.answer = answer;
    const { code } = await stand.run("aria2c", ...ARIA2, stand.url(`${ISO}.meta4`));
    assert(code !== 0);
    for (const mirror of stand.mirrors) mirror.answer = null;
    await Deno.remove(`${stand.home}/test.iso`).catch(() => {});
    await Deno.remove(`${stand.home}/test.iso.aria2`).catch(() => {});
  });

  await t.step("aria2 saves the file under another name, and compares its digest", async () => {
    await stand.ok("aria2c", ...ARIA2, "-o", "x", stand.url(ISO));
    await stand.same("x", ISO);
    const false_ = `SHA-256=${new Uint8Array(32).toBase64()}`;
    await using liar = new RangeServer(stand.repository);
    liar.answer = () =>
      new Response(null, {
        status: 302,
        headers: { location: `${de.url}iso/test.iso`, digest: false_ },
      });
    const { code } = await stand.run("aria2c", ...ARIA2, "-o", "y", `${liar.url}iso/test.iso`);
    assertEquals(code, 32);
  });

  await t.step("wget2 downloads", async () => {
    for (const target of [`${ISO}?meta4`, `${ISO}.metalink`]) {
      stand.takeRequests();
      await stand.ok("wget2", "-q", "--no-config", "--no-hsts", stand.url(target));
      await stand.same("test.iso", ISO);
      const { de: one, fr: other } = stand.takeRequests();
      assert(one.length + other.length > 0);
    }
  });

  await t.step("wget2 asks the first mirror first", async () => {
    await save(stand, `${ISO}?meta4`, "x.meta4");
    const xml = await Deno.readTextFile(`${stand.home}/x.meta4`);
    const first = /priority="1">(http:\S+?)iso\//.exec(xml)![1];
    stand.takeRequests();
    await stand.ok(
      ...["wget2", "-q", "--no-config", "--no-hsts", "--force-metalink", "-i", "x.meta4"] as const,
    );
    await stand.same("test.iso", ISO);
    const requests = stand.takeRequests();
    assertEquals(first === de.url ? requests.fr : requests.de, []);
  });

  await t.step("a file that is replaced while aria2 gets it is never mixed", async () => {
    const other = sampleBytes(BYTES.length, 9);
    let replaced = false;
    for (const mirror of stand.mirrors) {
      mirror.answer = (path) => {
        if (path !== ISO) return null;
        if (replaced) return new Response(other);
        // The first half is of the version that the document tells of, the rest of another one.
        let half = false;
        return new Response(
          new ReadableStream({
            pull(controller) {
              controller.enqueue(half ? other.subarray(700_000) : BYTES.subarray(0, 700_000));
              if (half) controller.close();
              [half, replaced] = [true, true];
            },
          }),
          { headers: { "content-length": `${BYTES.length}` } },
        );
      };
    }
    const { code } = await stand.run("aria2c", ...ARIA2, "-s1", stand.url(`${ISO}.meta4`));
    for (const mirror of stand.mirrors) mirror.answer = null;
    assert(replaced && code !== 0, `${code}`);
    await Deno.remove(`${stand.home}/test.iso`).catch(() => {});
    await Deno.remove(`${stand.home}/test.iso.aria2`).catch(() => {});
  });

  await t.step("redirects say more to who asks for it, and nothing to others", async () => {
    const plain = await stand.daemon.get(ISO);
    assertEquals([plain.headers.get("digest"), plain.headers.get("etag")], [null, null]);
    assert(!plain.headers.get("link")?.includes("describedby"));
    const asked = await stand.daemon.get(ISO, { "want-digest": "SHA-256" });
    const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", BYTES));
    assertEquals(asked.headers.get("digest"), `SHA-256=${sha256.toBase64()}`);
    assertStringIncludes(asked.headers.get("link")!, "?meta4>; rel=describedby");
    assertStringIncludes(asked.headers.get("link")!, "?torrent>; rel=describedby");
    const repr = await stand.daemon.get(ISO, { "want-repr-digest": "sha-256=1" });
    assertEquals(repr.headers.get("repr-digest"), `sha-256=:${sha256.toBase64()}:`);
  });

  await t.step("aria2 goes on elsewhere when the first mirror is closed", async () => {
    await fr[Symbol.asyncDispose]();
    const args = [...ARIA2, "-s1", "--metalink-location=fr"];
    await stand.ok("aria2c", ...args, stand.url(`${ISO}.meta4`));
    await stand.same("test.iso", ISO);
  });
});

for (const store of ["embedded", "redis"] as const) {
  Deno.test(`torrents serve all clients, with the ${store} store`, async (t) => {
    const trackers = [["http://127.0.0.1:9/a?b&c"], ["udp://127.0.0.1:9"]];
    await using stand = await Stand.start(FILES, { TorrentTrackers: trackers }, store);
    const seeds = stand.mirrors.map(({ url }) => `${url}iso/test.iso`).sort();
    const hashOf = async (target: string): Promise<string> =>
      (await (await stand.daemon.get(target)).text()).slice(0, 40);
    let btih = "";
    let torrent = "";

    await t.step("transmission-show, aria2 and libtorrent read the same hash", async () => {
      btih = await hashOf(`${ISO}?btih`);
      torrent = await save(stand, `${ISO}.torrent`, "test.torrent");
      assertStringIncludes(await stand.ok("transmission-show", torrent), btih);
      assertStringIncludes(await stand.ok("aria2c", "-S", torrent), btih);
      const odd = await save(stand, `${ODD_URL}?torrent`, "odd.torrent");
      const oddHash = await hashOf(`${ODD_URL}?btih`);
      assertStringIncludes(await stand.ok("transmission-show", odd), oddHash);
      assertStringIncludes(await stand.ok("aria2c", "-S", odd), oddHash);
    });

    await t.step("libtorrent downloads from the mirrors alone", async () => {
      const place = `${stand.home}/lt`;
      await Deno.mkdir(place);
      const told = await python(stand, LIBTORRENT, torrent, place, "download");
      assertEquals(told, {
        ...{ v1: btih, v2: null, name: "test.iso", size: BYTES.length, complete: true },
        seeds: told.seeds,
        trackers: [[0, trackers[0]![0]], [1, trackers[1]![0]]],
        info: ["length", "name", "piece length", "pieces"],
        keys: ["announce", "announce-list", "created by", "creation date", "info", "url-list"],
      });
      assertEquals(told.seeds.toSorted(), seeds);
      assertEquals(await Deno.readFile(`${place}/test.iso`), BYTES);
      const odd = `${stand.home}/odd.torrent`;
      assertEquals((await python(stand, LIBTORRENT, odd, place, "download")).complete, true);
    });

    await t.step("aria2 downloads and ends", async () => {
      await stand.ok("aria2c", ...ARIA2, "--seed-time=0", stand.url(`${ISO}.torrent`));
      await stand.same("test.iso", ISO);
    });

    await t.step("transmission downloads", async () => {
      const settings = `${stand.home}/transmission`;
      await Deno.mkdir(settings);
      await Deno.writeTextFile(
        `${settings}/settings.json`,
        JSON.stringify({
          ...{ "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1" },
          ...{ "dht-enabled": false, "lpd-enabled": false, "utp-enabled": false },
          ...{ "port-forwarding-enabled": false, "peer-port-random-on-start": true },
        }),
      );
      const child = new Deno.Command("transmission-cli", {
        args: ["-g", settings, "-w", settings, "-M", torrent],
        env: { HOME: stand.home },
        ...{ stdin: "null", stdout: "null", stderr: "null" },
      }).spawn();
      await waitFor(async () => {
        const got = await Deno.readFile(`${settings}/test.iso`).catch(() => new Uint8Array());
        return got.length === BYTES.length && got.every((byte, i) => byte === BYTES[i]);
      }, { what: "transmission to download the file" });
      child.kill("SIGKILL");
      await child.status;
    });

    await t.step("a magnet link says all of it", async () => {
      const magnet = (await (await stand.daemon.get(`${ISO}?magnet`)).text()).trimEnd();
      const told = await python(stand, MAGNET, magnet);
      assertEquals({ ...told, seeds: told.seeds.toSorted() }, {
        ...{ v1: btih, v2: null, name: "test.iso", trackers: trackers.flat(), seeds },
      });
    });

    await t.step("a hybrid is what libtorrent makes of the file", async () => {
      stand.daemon.configure({ TorrentVersion: "hybrid", TorrentTrackers: trackers });
      await stand.daemon.ok("reload");
      await stand.daemon.ok("refresh");
      await waitFor(async () => (await stand.daemon.get(`${ISO}?torrent`)).status === 200, {
        what: "the trees to be computed",
      });
      assertEquals(await hashOf(`${ISO}?btih`) === btih, false);
      for (const [path, target] of [[ISO, ISO], [ODD, ODD_URL]] as const) {
        await waitFor(async () => (await stand.daemon.get(`${target}?torrent`)).status === 200, {
          what: "the trees to be computed",
        });
        const hybrid = await save(stand, `${target}?torrent`, "hybrid.torrent");
        const told = await python(stand, LIBTORRENT, hybrid, stand.repository + path, "make");
        assertEquals([told.same, told.layers], [true, true]);
        assertEquals(told.v1, await hashOf(`${target}?btih`));
        const magnet = (await (await stand.daemon.get(`${target}?magnet`)).text()).trimEnd();
        assertEquals((await python(stand, MAGNET, magnet)).v2, told.v2);
      }
      const place = `${stand.home}/lt2`;
      await Deno.mkdir(place);
      const hybrid = await save(stand, `${ISO}?torrent`, "hybrid.torrent");
      assertEquals((await python(stand, LIBTORRENT, hybrid, place, "download")).complete, true);
      await stand.ok("aria2c", ...ARIA2, "--seed-time=0", stand.url(`${ISO}.torrent`));
      await stand.same("test.iso", ISO);
    });
  });
}
