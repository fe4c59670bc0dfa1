import { assertEquals } from "@std/assert";
import { Output } from "../../../cli/terminal/output.ts";

function output(
  isTerminal: boolean,
  colour = false,
): { output: Output; out: string[]; err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const writer = (to: string[]): { isTerminal: boolean; write: (text: string) => void } => ({
    isTerminal,
    write: (text) => void to.push(text),
  });
  return { output: new Output(writer(out), writer(err), { colour }), out, err };
}

Deno.test("Output shows control characters instead of sending them to the terminal", () => {
  const { output: it, out, err } = output(true);
  it.line("a\x1b[31mb\tc\nd\x07\u009b");
  it.error("\x1b]0;title\x07");
  assertEquals(out.join(""), "a\ufffd[31mb\tc\nd\ufffd\ufffd\n");
  assertEquals(err.join(""), "error: \ufffd]0;title\ufffd\n");
});

Deno.test("Output writes errors and hints to standard error, in colour where it may", () => {
  const plain = output(false, true);
  plain.output.error("It broke", "Mend it");
  assertEquals(plain.err.join(""), "error: It broke\nhint: Mend it\n");
  const coloured = output(true, true);
  coloured.output.error("It broke");
  assertEquals(coloured.err.join(""), "\x1b[1;31merror:\x1b[0m It broke\n");
});

Deno.test("Output replaces lines on a terminal only", () => {
  const pipe = output(false);
  pipe.output.replaceLine("50 %");
  assertEquals(pipe.out, []);
  const terminal = output(true);
  terminal.output.replaceLine("50 %");
  assertEquals(terminal.out, ["\r\x1b[K50 %"]);
});

/** An output to a terminal of 20 columns. */
function narrowOutput(): { readonly written: string[]; readonly output: Output } {
  const written: string[] = [];
  const narrow = {
    isTerminal: true,
    columns: () => 20,
    write: (text: string) => void written.push(text),
  };
  return { written, output: new Output(narrow, narrow, { colour: false }) };
}

Deno.test("Output breaks sentences between words on a terminal, and nowhere else", async () => {
  const { written, output: it } = narrowOutput();
  it.error("one two three four five", "six seven eight nine");
  it.errorWrite("Usage: one two three four\n  $ mirrorbits enable a-mirror\n");
  await it.prose("2026: one two three four\n", "  ");
  it.line("this line is as long as it is");
  assertEquals(
    written.join(""),
    "error: one two three\nfour five\nhint: six seven\neight nine\n" +
      "Usage: one two three\nfour\n  $ mirrorbits enable a-mirror\n" +
      "2026: one two three\n  four\nthis line is as long as it is\n",
  );
  const plain = output(false);
  await plain.output.prose(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen\n",
  );
  assertEquals(plain.out.join("").split("\n").length, 2);
});

Deno.test("Output breaks sentences by columns, not by characters", async () => {
  const { written, output: it } = narrowOutput();
  // Each of these letters takes two columns.
  await it.prose("東京大学 は 十二 分 遅れ です\n", "  ");
  await it.prose("Çà fait – bien – six\n");
  assertEquals(
    written.splice(0).join(""),
    "東京大学 は 十二 分\n  遅れ です\nÇà fait – bien – six\n",
  );
  // What nobody waits for is the terminal's to break, where it is not known how wide it is.
  it.error("Not found: 東京大学 はあ", "Çà et là, one two three");
  assertEquals(
    written.join(""),
    "error: Not found: 東京大学 はあ\nhint: Çà et là, one\ntwo three\n",
  );
});
