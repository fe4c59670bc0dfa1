import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { guard } from "../../lib/control/guard.ts";

function request(headers: Record<string, string>): Request {
  return new Request("http://localhost:3390/api/v1/mirrors", { headers });
}

function codeOf(headers: Record<string, string>, rpcPassword = "", hostname = "localhost"): string {
  try {
    guard(request(headers), { rpcPassword, rpcListenAddress: { hostname } });
    return "allowed";
  } catch (error) {
    if (error instanceof ControlError) return error.code;
    throw error;
  }
}

Deno.test("guard() wants the password as a bearer token", () => {
  assertEquals(codeOf({}, "secret"), "unauthorized");
  assertEquals(codeOf({ authorization: "Basic c2VjcmV0" }, "secret"), "unauthorized");
  assertEquals(codeOf({ authorization: "Bearer wrong" }, "secret"), "unauthorized");
  assertEquals(codeOf({ authorization: "Bearer secretly" }, "secret"), "unauthorized");
  assertEquals(codeOf({ authorization: "Bearer secret" }, "secret"), "allowed");
  assertEquals(codeOf({ authorization: "bearer secret" }, "secret"), "allowed");
  assertEquals(codeOf({ authorization: "Bearer 100%" }, "100%"), "allowed");
});

Deno.test("guard() takes every password the way clients write it", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (password) => {
    return codeOf({ authorization: `Bearer ${encodeURIComponent(password)}` }, password) ===
      "allowed";
  }));
});

Deno.test("guard() does not care about the host when there is a password", () => {
  const headers = { host: "mirrors.example", authorization: "Bearer secret" };
  assertEquals(codeOf(headers, "secret"), "allowed");
});

Deno.test("guard() without a password lets loopback names and the configured address in", () => {
  const cases: [host: string, configured: string, code: string][] = [
    ["localhost", "localhost", "allowed"],
    ["LOCALHOST:3390", "localhost", "allowed"],
    ["mirrors.localhost:3390", "localhost", "allowed"],
    ["127.0.0.1:3390", "localhost", "allowed"],
    ["127.1.2.3", "localhost", "allowed"],
    ["[::1]:3390", "localhost", "allowed"],
    ["10.0.0.5:3390", "10.0.0.5", "allowed"],
    ["[fd00::5]:3390", "fd00::5", "allowed"],
    ["control.example:3390", "control.example", "allowed"],
    ["10.0.0.5:3390", "localhost", "forbidden"],
    ["10.0.0.5:3390", "0.0.0.0", "forbidden"],
    ["evil.example", "localhost", "forbidden"],
    ["localhost.evil.example", "localhost", "forbidden"],
    ["127.0.0.1.evil.example", "localhost", "forbidden"],
    ["evil.example#localhost", "localhost", "forbidden"],
    ["evil.example@localhost", "localhost", "forbidden"],
    ["", "localhost", "forbidden"],
  ];
  for (const [host, configured, code] of cases) {
    assertEquals(codeOf({ host }, "", configured), code, `${host} for ${configured}`);
  }
});

Deno.test("guard() refuses a request without a host", () => {
  assertThrows(
    () => guard(request({}), { rpcPassword: "", rpcListenAddress: { hostname: "localhost" } }),
    ControlError,
    "RPCPassword",
  );
});

Deno.test("guard() refuses what a browser sends for the page of another site", () => {
  const host = "localhost:3390";
  const cases: [headers: Record<string, string>, code: string][] = [
    [{ origin: "http://localhost:3390" }, "allowed"],
    [{ origin: "http://evil.example" }, "forbidden"],
    [{ origin: "http://localhost:8080" }, "forbidden"],
    [{ origin: "null" }, "forbidden"],
    [{ "sec-fetch-site": "same-origin" }, "allowed"],
    [{ "sec-fetch-site": "none" }, "allowed"],
    [{ "sec-fetch-site": "same-site" }, "forbidden"],
    [{ "sec-fetch-site": "cross-site" }, "forbidden"],
    [{ "sec-fetch-site": "cross-site", origin: "http://localhost:3390" }, "forbidden"],
  ];
  for (const [headers, code] of cases) {
    assertEquals(codeOf({ host, ...headers }), code, JSON.stringify(headers));
  }
});
