import { assertEquals } from "@std/assert";
import { parseRobots } from "../../../lib/scan/http/robots.ts";

Deno.test("parseRobots() reads what is meant for this program, as RFC 9309 has it", () => {
  const text = [
    "User-agent: *",
    "Disallow: /",
    "Crawl-delay: 50",
    "",
    "User-agent: other",
    "user-agent: MIRRORBITS  # by name",
    "Disallow: /pool/",
    "Allow: /pool/main/",
    "Disallow: /pool/main/secret/",
    "Disallow: /*.iso$",
    "Allow: /same/",
    "Disallow: /same/",
    "Disallow: /a%20b/",
    "Disallow: /ü/",
    "Disallow:",
    "Crawl-delay: 900",
    "Sitemap: https://mirror.test/map.xml",
    "User-agent: last",
    "Disallow: /last/",
  ].join("\r\n");
  const { allows, delay } = parseRobots(text);
  const paths = {
    "/": true,
    "/pool": true,
    "/pool/": false,
    "/pool/x": false,
    "/pool/main/x": true,
    "/pool/main/secret/x": false,
    "/x.iso": false,
    "/x.iso.txt": true,
    "/same/x": true,
    "/a b/x": false,
    "/a%20b/x": false,
    "/%C3%BC/x": false,
    "/last/x": true,
    "/100%": true,
  };
  for (const [path, allowed] of Object.entries(paths)) assertEquals(allows(path), allowed, path);
  assertEquals(delay, 60);
  assertEquals(parseRobots("User-agent: mirrorbits\nCrawl-delay: 2.5").delay, 2.5);
  const group = "User-agent: mirrorbits\nUser-agent: other\nDisallow: /x";
  assertEquals(parseRobots(group).allows("/x"), false);
  assertEquals(parseRobots("Disallow: /\nnonsense\n<html>").allows("/x"), true);
});
