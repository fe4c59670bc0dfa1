import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseMachineLine } from "../../lib/scan/ftp_machine_line.ts";
import { parseFtpTime } from "../../lib/scan/ftp_time.ts";
import { parseListLine } from "../../lib/scan/ftp_list_line.ts";
import { parseFtpUrl } from "../../lib/scan/ftp_url.ts";
import { ListingError } from "../../lib/scan/lister.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const MINUTE = 60_000;
const DAY = 86_400_000;

Deno.test("parseFtpTime() reads times with and without fractions", () => {
  const time = Date.UTC(2023, 10, 14, 22, 13, 20);
  for (
    const [text, expected] of [
      ["20231114221320", { time, fractions: false }],
      ["20231114221320.1", { time: time + 100, fractions: true }],
      ["20231114221320.123", { time: time + 123, fractions: true }],
      ["20231114221320.123999999", { time: time + 123, fractions: true }],
      ["20231114221320.000", { time, fractions: true }],
      ["20240229000000", { time: Date.UTC(2024, 1, 29), fractions: false }],
      ["20230229000000", null],
      ["20231314221320", null],
      ["20231114241320", null],
      ["00001114221320", null],
      ["2023111422132", null],
      ["20231114221320 ", null],
      ["", null],
    ] as const
  ) assertEquals(parseFtpTime(text), expected, text);
});

Deno.test("parseMachineLine() reads files and directories, and passes over the rest", () => {
  const modTime = Date.UTC(2023, 10, 14, 22, 13, 20);
  for (
    const [line, entry] of [
      [
        "type=file;size=12;modify=20231114221320; a b; c=d",
        { type: "file", name: "a b; c=d", size: 12, modTime, resolution: 1000 },
      ],
      [
        "Modify=20231114221320.5;UNIX.mode=0644;Type=FILE;Size=0;  lead",
        { type: "file", name: " lead", size: 0, modTime: modTime + 500, resolution: 1 },
      ],
      ["type=file;size=1; x", {
        type: "file",
        name: "x",
        size: 1,
        modTime: null,
        resolution: 1000,
      }],
      ["type=dir;unique=8g2; pool", { type: "directory", name: "pool", identity: "8g2" }],
      ["type=cdir;modify=20231114221320; /pool", { type: "ignored" }],
      ["type=pdir; ..", { type: "ignored" }],
      ["type=dir; ..", { type: "ignored" }],
      ["type=OS.unix=slink:/etc; link", { type: "link", name: "link" }],
      ["type=OS.unix=symlink; link", { type: "link", name: "link" }],
      ["type=OS.unix=chr-1/3; null", { type: "ignored" }],
      ["", { type: "ignored" }],
    ] as const
  ) assertEquals(parseMachineLine(line), entry, line);
});

Deno.test("parseListLine() reads what servers make of ls -l", () => {
  const file = { type: "file", name: "a b", size: 12, local: true } as const;
  const lately = { ...file, modTime: Date.UTC(2026, 10, 14, 22, 13), resolution: MINUTE };
  const old = { ...file, modTime: Date.UTC(2023, 10, 14), resolution: DAY };
  for (
    const [line, entry] of [
      ["-rw-r--r--   1 ftp      ftp            12 Nov 14 22:13 a b", lately],
      ["-rw-r--r--   1 ftp      ftp            12 Nov 14  2023 a b", old],
      ["-rw-r--r-- 1 1000 12 12 Nov 14 22:13 a b", lately],
      ["-rw-r--r--+ 1 the user 12 Nov 14 22:13 a b", lately],
      ["-rw-r--r-- 1 ftp ftp 12 2026-11-14 22:13 a b", lately],
      [
        "-rw-r--r-- 1 ftp ftp 12 Dec 31 22:13 a b",
        { ...lately, modTime: Date.UTC(2025, 11, 31, 22, 13) },
      ],
      [
        "-rw-r--r-- 1 ftp ftp 12 Nov 23 11:00 a b",
        { ...lately, modTime: Date.UTC(2026, 10, 23, 11, 0) },
      ],
      ["-rw-r--r-- 1 ftp ftp 12 Nov 14 22:13  lead", { ...lately, name: " lead" }],
      ["-rw-r--r-- 1 ftp ftp 12 Nov 14 22:13 1 Nov 1 2000 x", {
        ...lately,
        name: "1 Nov 1 2000 x",
      }],
      [
        "drwxr-xr-x 2 ftp ftp 4096 Nov 14 22:13 pool",
        { type: "directory", name: "pool", identity: "" },
      ],
      ["drwxr-xr-x 2 ftp ftp 4096 Nov 14 22:13 ..", { type: "ignored" }],
      ["lrwxrwxrwx 1 ftp ftp 4 Nov 14 22:13 li nk -> a b", { type: "link", name: "li nk" }],
      ["lrwxrwxrwx 1 ftp ftp 4 Nov 14 22:13 .. -> a b", { type: "ignored" }],
      ["crw-rw-rw- 1 root root 1, 3 Nov 14 22:13 null", { type: "ignored" }],
      ["total 12", { type: "ignored" }],
      ["", { type: "ignored" }],
    ] as const
  ) assertEquals(parseListLine(line, NOW), entry, line);
});

Deno.test("parseListLine() reads other dialects where they are unambiguous", () => {
  const file = { type: "file", name: "a b", size: 12, local: true } as const;
  const minute = { ...file, modTime: Date.UTC(2026, 10, 14, 22, 13), resolution: MINUTE };
  const second = { ...file, modTime: Date.UTC(2023, 10, 14, 22, 13, 20), resolution: 1000 };
  const day = { ...file, modTime: Date.UTC(2023, 10, 14), resolution: DAY };
  const { local: _, ...exact } = { ...second, resolution: 1 };
  for (
    const [date, entry] of [
      ["14 Nov 22:13", minute],
      ["14. Nov  2023", day],
      ["nov 14 22:13", minute],
      ["NOV 14  2023", day],
      ["14 nov. 2023", day],
      ["Nov 14 22:13:20", { ...second, modTime: Date.UTC(2026, 10, 14, 22, 13, 20) }],
      ["Nov 14 22:13:20 2023", second],
      ["2023-11-14 22:13:20", second],
      ["2023-11-14T22:13:20Z", { ...exact, resolution: 1000 }],
      ["2023-11-14 22:13:20.123456789 +0000", { ...exact, modTime: exact.modTime + 123 }],
      ["2023-11-14 23:43:20.000000000 +0130", exact],
      ["2023-11-14 17:13:20.000000000 -05:00", exact],
      ["2023-11-14 ", day],
      ["11-14 22:13", minute],
    ] as const
  ) {
    for (const who of ["1 ftp      ftp     ", "1 1000 12", "ftp", "2 jan 12"]) {
      const line = `-rw-r--r--   ${who} 12 ${date} a b`;
      assertEquals(parseListLine(line, NOW), entry, line);
    }
  }
  assertEquals(parseListLine("- [RWCEAFMS] supervisor  12 Nov 14 22:13 a b", NOW), minute);
  assertEquals(
    parseListLine("d [R----F--] supervisor  512 Nov 14 22:13 pool", NOW),
    { type: "directory", name: "pool", identity: "" },
  );
  assertEquals(
    parseListLine("-rw-r--r-- 1 jan 12 2023 Nov 14 22:13 x", NOW),
    { ...minute, name: "x", size: 2023 },
  );
});

Deno.test("parseListLine() reads what Windows servers write", () => {
  const modTime = Date.UTC(2023, 10, 14, 22, 13);
  const file = { type: "file", name: "a b", size: 1234, modTime, resolution: MINUTE, local: true };
  for (
    const [line, entry] of [
      ["11-14-23  10:13PM                 1234 a b", file],
      ["11-14-23  10:13 pm                1,234 a b", file],
      ["11-14-2023  22:13                 1234 a b", file],
      ["11/14/2023  10:13 PM              1234 a b", file],
      ["2023-11-14  22:13                 1234 a b", file],
      ["11-14-23  12:13AM                 1234  lead", {
        ...file,
        name: " lead",
        modTime: Date.UTC(2023, 10, 14, 0, 13),
      }],
      ["11-14-96  12:13PM                 1234 a b", {
        ...file,
        modTime: Date.UTC(1996, 10, 14, 12, 13),
      }],
      // A server that writes the day first: who knows what its other dates mean.
      ["14-11-23  22:13                   1234 a b", { ...file, modTime: null }],
      ["11-14-23  10:13PM       <DIR>          po ol", {
        type: "directory",
        name: "po ol",
        identity: "",
      }],
      ["11-14-23  10:13PM       <DIR>          ..", { type: "ignored" }],
      ["11-14-23  10:13PM       <JUNCTION>     there [C:\\]", { type: "link", name: "there" }],
      ["11-14-23  13:13PM                 1234 a b", {
        type: "bad",
        reason: "The time is no time",
        name: "a b",
      }],
      ["11-31-23  10:13PM                 1234 a b", {
        type: "bad",
        reason: "The time is no time",
        name: "a b",
      }],
      ["11-14-23  10:13PM                 1234", {
        type: "bad",
        reason: "It is no line of a listing",
      }],
    ] as const
  ) assertEquals(parseListLine(line, NOW), entry as never, line);
});

Deno.test("parseListLine() reads EPLF", () => {
  for (
    const [line, entry] of [
      ["+i8388621.48594,m825718503,r,s280,\ta b", {
        type: "file",
        name: "a b",
        size: 280,
        modTime: 825_718_503_000,
        resolution: 1000,
      }],
      ["+i8388621.50690,m824255907,/,\t514", {
        type: "directory",
        name: "514",
        identity: "8388621.50690",
      }],
      ["+m1,\tneither", { type: "ignored" }],
      ["+r,\tx", { type: "bad", reason: "The size is no number", name: "x" }],
      ["+r,s1 x", { type: "bad", reason: "It is no line of a listing" }],
    ] as const
  ) assertEquals(parseListLine(line, NOW), entry as never, line);
});

Deno.test("parseListLine() takes its time for no line, however it is made", () => {
  const start = performance.now();
  for (
    const line of [
      `-rw-r--r-- ${"x".repeat(8000)}`,
      `-rw-r--r-- 1${" ".repeat(8000)}x`,
      `-rw-r--r-- ${"1 ".repeat(4000)}`,
      `-rw-r--r-- ${"1 Nov ".repeat(1300)}`,
      `-rw-r--r-- ${"a 1 ".repeat(2000)}`,
      `11-14-23 ${" ".repeat(8000)}`,
    ]
  ) for (let count = 0; count < 100; count++) parseListLine(line, NOW);
  // Milliseconds each on an idle machine would be minutes in all for one listing.
  assertEquals(performance.now() - start < 20_000, true);
});

Deno.test("no line of a listing over FTP leads elsewhere", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom("..", ".", "/", "a", "\\", "\u001b", "\0")).map((parts) =>
      parts.join("")
    ),
  );
  fc.assert(fc.property(names, fc.constantFrom("file", "dir"), (name, type) => {
    for (
      const entry of [
        parseMachineLine(`type=${type};size=1; ${name}`),
        parseListLine(`${type === "dir" ? "d" : "-"}rw-r--r-- 1 a b 1 Nov 14  2023 ${name}`, NOW),
      ]
    ) {
      if (entry.type !== "file" && entry.type !== "directory") continue;
      assertEquals(entry.name, name);
      assertEquals(name === "" || name === "." || name === ".." || /[/\p{Cc}]/u.test(name), false);
    }
  }));
});

Deno.test("parseFtpUrl() takes URLs apart", () => {
  const plain = { port: 21, security: "none", user: "anonymous", password: "anonymous@", path: "" };
  for (
    const [url, parts] of [
      ["ftp://host/", { ...plain, host: "host" }],
      ["FTP://host", { ...plain, host: "host" }],
      ["ftp://host:2121/pub/a%20b/", { ...plain, host: "host", port: 2121, path: "/pub/a b" }],
      ["ftp://[::1]:2121/", { ...plain, host: "::1", port: 2121 }],
      ["ftp://u%40x:p%3A%2F@host/", { ...plain, host: "host", user: "u@x", password: "p:/" }],
      ["ftp://u@host/100%/", { ...plain, host: "host", user: "u", password: "", path: "/100%" }],
      ["ftps://host/", { ...plain, host: "host", security: "explicit" }],
      ["ftps://host:990/", { ...plain, host: "host", port: 990, security: "implicit" }],
    ] as const
  ) assertEquals(parseFtpUrl(url), parts as never, url);
});

Deno.test("parseFtpUrl() refuses what would be another command, or is no URL", () => {
  for (
    const url of [
      "ftp://u%0D%0ADELE%20x:secret@host/",
      "ftp://host/a%0Ab/",
      "ftp://host:0/",
      "ftp://host:99999/",
      "ftp:///pub/",
      "http://u:secret@host/",
    ]
  ) {
    const error = assertThrows(() => parseFtpUrl(url), ListingError);
    assertEquals(error.message.includes("secret"), false);
  }
});
