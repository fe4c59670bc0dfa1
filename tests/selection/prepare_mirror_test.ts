import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { ExclusionReason } from "../../lib/selection/exclusion_reason.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { mirrorRecord } from "./fixtures.ts";

type Offer = readonly [url: string, reason: ExclusionReason | null];

const HTTP = "http://host/repo/";
const HTTPS = "https://host/repo/";
const UP = null;
const NOT_HTTP: ExclusionReason = { type: "not_http" };
const NOT_HTTPS: ExclusionReason = { type: "not_https" };

function down(detail: string): ExclusionReason {
  return { type: "down", detail };
}

function offersOf(changes: Partial<MirrorRecord>): { any: Offer; with: Offer; without: Offer } {
  const { offers } = prepareMirror(mirrorRecord(1, {
    httpUp: false,
    httpsUp: false,
    ...changes,
  }));
  return {
    any: [offers.any.url, offers.any.reason],
    with: [offers.with_tls.url, offers.with_tls.reason],
    without: [offers.without_tls.url, offers.without_tls.reason],
  };
}

Deno.test("prepareMirror() offers HTTP alone under an http:// URL", () => {
  assertEquals(offersOf({ httpUrl: HTTP, httpUp: true, httpsUp: true }), {
    any: [HTTP, UP],
    with: [HTTP, NOT_HTTPS],
    without: [HTTP, UP],
  });
  assertEquals(offersOf({ httpUrl: HTTP, httpDownReason: "Unreachable", httpsUp: true }), {
    any: [HTTP, { type: "down_not_https", detail: "Unreachable" }],
    with: [HTTP, NOT_HTTPS],
    without: [HTTP, down("Unreachable")],
  });
});

Deno.test("prepareMirror() offers HTTPS alone under an https:// URL", () => {
  assertEquals(offersOf({ httpUrl: HTTPS, httpUp: true, httpsUp: true }), {
    any: [HTTPS, UP],
    with: [HTTPS, UP],
    without: [HTTPS, NOT_HTTP],
  });
  assertEquals(offersOf({ httpUrl: HTTPS, httpUp: true }), {
    any: [HTTPS, { type: "down_not_http", detail: "" }],
    with: [HTTPS, down("")],
    without: [HTTPS, NOT_HTTP],
  });
});

Deno.test("prepareMirror() offers both under a URL without a scheme, HTTPS first", () => {
  const httpUrl = "host/repo/";
  assertEquals(offersOf({ httpUrl, httpUp: true, httpsUp: true }), {
    any: [HTTPS, UP],
    with: [HTTPS, UP],
    without: [HTTP, UP],
  });
  assertEquals(offersOf({ httpUrl, httpUp: true, httpsDownReason: "Unreachable" }), {
    any: [HTTP, UP],
    with: [HTTPS, down("Unreachable")],
    without: [HTTP, UP],
  });
  assertEquals(offersOf({ httpUrl, httpDownReason: "Got status code 500", httpsUp: true }), {
    any: [HTTPS, UP],
    with: [HTTPS, UP],
    without: [HTTP, down("Got status code 500")],
  });
});

Deno.test("prepareMirror() gives one reason when both schemes are down alike, else both", () => {
  const httpUrl = "host/repo/";
  const alike = { httpDownReason: "Unreachable", httpsDownReason: "Unreachable" };
  assertEquals(offersOf({ httpUrl, ...alike }).any, [HTTP, down("Unreachable")]);
  assertEquals(offersOf({ httpUrl }).any, [HTTP, down("")]);
  assertEquals(offersOf({ httpUrl, httpsDownReason: "Unreachable" }).any, [
    HTTP,
    { type: "down_both", http: "", https: "Unreachable" },
  ]);
});

Deno.test("prepareMirror() excludes a disabled mirror for every choice", () => {
  const disabled: ExclusionReason = { type: "disabled" };
  assertEquals(offersOf({ httpUrl: "host/repo/", httpsUp: true, enabled: false }), {
    any: [HTTPS, disabled],
    with: [HTTPS, disabled],
    without: [HTTP, disabled],
  });
});

Deno.test("prepareMirror() makes the URL fit for a header, or does without the mirror", () => {
  const up = { httpUp: true, httpsUp: true };
  assertEquals(offersOf({ httpUrl: "http://host/ü", ...up }).any, ["http://host/%C3%BC/", UP]);
  for (const httpUrl of ["http://host/\r\nX-Evil: 1/", "http://a b/", "gopher://host/", ""]) {
    const { httpUrl: http, httpsUrl: https } = prepareMirror(mirrorRecord(1, { httpUrl, ...up }));
    assertEquals([http, https], [null, null]);
    const offers = offersOf({ httpUrl, ...up });
    assertEquals([offers.with[1], offers.without[1]], [NOT_HTTPS, NOT_HTTP]);
    assertEquals(offers.any[1] === null, false);
  }
});

Deno.test("prepareMirror() takes a mirror that is not checked for up, whatever was found before", () => {
  const changes = {
    ...{ unchecked: true, httpUp: false, httpDownReason: "Unreachable", notScannedFor: 9e9 },
    families: {
      ipv4: { state: "none", text: "", time: 0 },
      ipv6: { state: "down", text: "", time: 0 },
    },
  } as const;
  const reasons = (httpUrl: string) => {
    const { offers } = prepareMirror(mirrorRecord(1, { ...changes, httpUrl }));
    return [offers.any.reason, offers.with_tls.reason?.type ?? null, offers.any.url];
  };
  assertEquals(reasons("http://10.0.0.1/"), [null, "not_https", "http://10.0.0.1/"]);
  assertEquals(reasons("https://10.0.0.1/"), [null, null, "https://10.0.0.1/"]);
  assertEquals(reasons("10.0.0.1/"), [null, "down", "http://10.0.0.1/"]);
  const { offers } = prepareMirror(mirrorRecord(1, { ...changes, enabled: false }));
  assertEquals(offers.any.reason, { type: "disabled" });
});
