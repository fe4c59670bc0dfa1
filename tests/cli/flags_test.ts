import { assertEquals, assertThrows } from "@std/assert";
import {
  booleanFlag,
  HelpRequest,
  integerFlag,
  listFlag,
  stringFlag,
  unsignedFlag,
  UsageError,
} from "../../cli/flags.ts";
import { parseFlags } from "../../cli/parse_flags.ts";

const FLAGS = {
  all: booleanFlag("All"),
  state: booleanFlag("State", true),
  http: stringFlag("URL"),
  score: integerFlag("Score"),
  timeout: unsignedFlag("Seconds", 5),
  set: listFlag("Set", "Key=Value"),
};
const DEFAULTS = { all: false, state: true, http: "", score: 0, timeout: 5, set: [] };

function flagsOf(...args: string[]): Partial<typeof DEFAULTS> {
  const { flags } = parseFlags(FLAGS, args);
  const all = Object.entries(flags) as [keyof typeof DEFAULTS, unknown][];
  return Object.fromEntries(
    all.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULTS[name])),
  );
}

Deno.test("parseFlags() takes one dash or two, a value behind it or after an equals sign", () => {
  assertEquals(flagsOf("-http", "x", "--score=3"), { http: "x", score: 3 });
  assertEquals(flagsOf("--http", "-x", "-score", "-7"), { http: "-x", score: -7 });
  assertEquals(flagsOf("-http="), {});
  assertEquals(flagsOf("-http=a=b"), { http: "a=b" });
  assertEquals(flagsOf("-http", "a\nb"), { http: "a\nb" });
  assertEquals(flagsOf("-score", "1", "-score", "2"), { score: 2 });
  assertEquals(flagsOf("-set", "A=1", "-set=B=2"), { set: ["A=1", "B=2"] } as never);
});

Deno.test("parseFlags() takes booleans alone, or with a value after an equals sign", () => {
  assertEquals(flagsOf("-all", "-state=false"), { all: true, state: false });
  assertEquals(flagsOf("-all=T", "-state=0"), { all: true, state: false });
  assertEquals(parseFlags(FLAGS, ["-all", "false"]).operands, ["false"]);
});

Deno.test("parseFlags() finds options before and behind operands, up to two dashes", () => {
  const { flags, operands } = parseFlags(FLAGS, ["a", "-all", "b", "--", "-score", "c"]);
  assertEquals([flags.all, flags.score, operands], [true, 0, ["a", "b", "-score", "c"]]);
  assertEquals(parseFlags(FLAGS, ["-", ""]).operands, ["-", ""]);
});

Deno.test("parseFlags() can leave everything behind the first operand alone", () => {
  const { flags, operands } = parseFlags(FLAGS, ["-all", "cmd", "-score", "x"], {
    stopAtOperand: true,
  });
  assertEquals([flags.all, operands], [true, ["cmd", "-score", "x"]]);
});

Deno.test("parseFlags() says what it cannot understand", () => {
  const cases: [args: string[], message: string][] = [
    [["-bogus"], "flag provided but not defined: -bogus"],
    [["--bogus=1"], "flag provided but not defined: -bogus"],
    [["-constructor"], "flag provided but not defined: -constructor"],
    [["-http"], "flag needs an argument: -http"],
    [["-score", "abc"], 'invalid value "abc" for flag -score: parse error'],
    [["-score", ""], 'invalid value "" for flag -score: parse error'],
    [["-score", "1e3"], 'invalid value "1e3" for flag -score: parse error'],
    [["-timeout", "-1"], 'invalid value "-1" for flag -timeout: parse error'],
    [["-score", "9".repeat(20)], "for flag -score: value out of range"],
    [["-all=maybe"], 'invalid boolean value "maybe" for -all: parse error'],
    [["---all"], "bad flag syntax: ---all"],
    [["-=x"], "bad flag syntax: -=x"],
  ];
  for (const [args, message] of cases) {
    assertThrows(() => parseFlags(FLAGS, args), UsageError, message);
  }
});

Deno.test("parseFlags() recognises a call for help, unless the option means something else", () => {
  for (const arg of ["-h", "--h", "-help", "--help"]) {
    assertThrows(() => parseFlags(FLAGS, ["x", arg]), HelpRequest);
  }
  assertEquals(parseFlags({ h: booleanFlag("Human") }, ["-h"]).flags.h, true);
});
