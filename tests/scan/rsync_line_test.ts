import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseRsyncLine } from "../../lib/scan/rsync_line.ts";

const encoder = new TextEncoder();
const parse = (line: string): ReturnType<typeof parseRsyncLine> =>
  parseRsyncLine(encoder.encode(line));
const entry = (name: string): string => `-rw-r--r--              1 2023/11/14 22:13:20 ${name}`;

/** How rsync prints a name under LC_ALL=C. */
function escape(name: string): string {
  const bytes = encoder.encode(name);
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return text.replaceAll(
    /\\(?=#[0-7]{3})|[^\x20-\x7e\t]/g,
    (byte) => `\\#${byte.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

Deno.test("parseRsyncLine() reads size, time and name", () => {
  assertEquals(parse("-rw-r--r--  1,234,567,890 2023/11/14 22:13:20 pool/a b.iso"), {
    type: "file",
    file: {
      path: "/pool/a b.iso",
      size: 1234567890,
      modTime: Date.UTC(2023, 10, 14, 22, 13, 20),
    },
  });
});

Deno.test("parseRsyncLine() reads old and leap days", () => {
  for (
    const [text, time] of [
      ["1960/01/01 00:00:00", Date.UTC(1960, 0, 1)],
      ["2024/02/29 23:59:59", Date.UTC(2024, 1, 29, 23, 59, 59)],
      ["2446/05/10 22:38:55", Date.UTC(2446, 4, 10, 22, 38, 55)],
    ] as const
  ) {
    const line = parse(`-rw-r--r--              0 ${text} x`);
    assertEquals(line.type === "file" && line.file.modTime, time);
  }
});

Deno.test("parseRsyncLine() keeps names with spaces, tabs and percent signs as they are", () => {
  for (
    const name of [" leading", "trailing ", "a\tb", "100%.txt", "pct%41", "#", "+", "-rw", "a\\b"]
  ) {
    const line = parse(entry(name));
    assertEquals(line.type === "file" && line.file.path, "/" + name);
  }
});

Deno.test("parseRsyncLine() decodes octal escapes", () => {
  for (
    const [printed, name] of [
      ["\\#303\\#274n\\#303\\#257", "ünï"],
      ["new\\#012line", "new\nline"],
      ["bh\\#134#303q", "bh\\#303q"],
      ["bh\\#x", "bh\\#x"],
      ["end\\#12", "end\\#12"],
      ["high\\#777", "high\\#777"],
    ] as const
  ) {
    const line = parse(entry(printed));
    assertEquals(line.type === "file" && line.file.path, "/" + name);
  }
});

Deno.test("parseRsyncLine() ignores directories, links, devices and empty lines", () => {
  for (const type of "dlpcbs") {
    assertEquals(parse(`${type}rwxr-xr-x          4,096 2023/11/14 22:13:20 x`).type, "ignored");
  }
  assertEquals(parse("").type, "ignored");
});

Deno.test("parseRsyncLine() refuses hostile lines", () => {
  for (
    const line of [
      "Welcome to our mirror",
      "-rw-r--r--",
      "-rw-r--r--             -1 2023/11/14 22:13:20 x",
      "-rw-r--r--            1.5 2023/11/14 22:13:20 x",
      "-rw-r--r--              , 2023/11/14 22:13:20 x",
      "-rw-r--r-- 99999999999999999 2023/11/14 22:13:20 x",
      "-rw-r--r--              1 2023/02/29 22:13:20 x",
      "-rw-r--r--              1 2023/13/01 22:13:20 x",
      "-rw-r--r--              1 2023/00/01 22:13:20 x",
      "-rw-r--r--              1 2023/11/14 24:00:00 x",
      "-rw-r--r--              1 2023-11-14 22:13:20 x",
      "-rw-r--r--              1 2023/11/14 22:13:20",
      "-rw-r--r--              1 2023/11/14 22:13:20 ",
      entry("/etc/passwd"),
      entry("../up"),
      entry("a/../../b"),
      entry("a/.."),
      entry("./a"),
      entry("a/./b"),
      entry("a//b"),
      entry("a/"),
      entry("\\#056\\#056/b"),
      entry("nul\\#000"),
      entry("bad\\#377"),
    ]
  ) assertEquals(parse(line).type, "bad", line);
});

Deno.test("parseRsyncLine() lets dots through that lead nowhere else", () => {
  for (const name of [".hidden", "a/.hidden", "..a", "a/...", ".~tmp"]) {
    assertEquals(parse(entry(name)).type, "file", name);
  }
});

Deno.test("parseRsyncLine() gives back every name that rsync can print", () => {
  const segment = fc.string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((name) => !/[/\0]/.test(name) && name !== "." && name !== ".." && name.isWellFormed());
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.nat(), (segments, size) => {
      const name = segments.join("/");
      const line = parse(
        `-rw-r--r-- ${size.toLocaleString("en-US").padStart(14)} 2023/11/14 22:13:20 ${
          escape(name)
        }`,
      );
      assertEquals(line.type === "file" && line.file, {
        path: "/" + name,
        size,
        modTime: Date.UTC(2023, 10, 14, 22, 13, 20),
      });
    }),
  );
});

Deno.test("parseRsyncLine() never lets a path through that is not below the mirror", () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string().map((name) => encoder.encode(entry(name))),
    fc.array(fc.constantFrom("..", ".", "", "a", "\\#056", "\\#057", "/")).map((parts) =>
      encoder.encode(entry(parts.join("/")))
    ),
  );
  fc.assert(fc.property(line, (bytes) => {
    const result = parseRsyncLine(bytes);
    if (result.type !== "file") return;
    const { path, size, modTime } = result.file;
    assertEquals(path.startsWith("/"), true);
    for (const segment of path.slice(1).split("/")) {
      assertEquals(["", ".", ".."].includes(segment), false, path);
    }
    assertEquals(Number.isSafeInteger(size) && size >= 0, true);
    assertEquals(Number.isSafeInteger(modTime), true);
  }));
});
