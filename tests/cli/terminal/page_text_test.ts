import { assert, assertEquals } from "@std/assert";
import { pageText } from "../../../cli/terminal/page_text.ts";
import { TOPICS } from "../../../cli/topics.ts";

const PAGE = `# A page

Sentences that are written in lines of a hundred columns
break between words.

1. One item that goes on
   below
2. another

| key | meaning |
| --- | ------- |
| \`One\` | what it means, in words \\| signs |
| \`Two\` | less |

\`\`\`sh
a command that is as long as it is
\`\`\`

    so is this one here, with all its words
`;

Deno.test("pageText() breaks sentences and cells between words, and leaves code", async () => {
  assertEquals(
    await pageText(PAGE, 24),
    `# A page

Sentences that are
written in lines of a
hundred columns break
between words.

1. One item that goes on
   below
2. another

key    meaning
-----  -----------------
\`One\`  what it means, in
       words | signs
\`Two\`  less

\`\`\`sh
a command that is as long as it is
\`\`\`

    so is this one here, with all its words
`,
  );
  assertEquals(await pageText(PAGE, Infinity), PAGE);
});

Deno.test("pageText() makes blocks of rows that have no room", async () => {
  const table = "| a | b | c |\n|---|---|---|\n| onelongword | anotherlongword | third word |";
  assertEquals(
    await pageText(table, 20),
    "onelongword\n  b: anotherlongword\n  c: third word",
  );
  assertEquals(
    await pageText(table, 40),
    "a            b                c\n" +
      "-----------  ---------------  ----------\nonelongword  anotherlongword  third word",
  );
});

Deno.test("pageText() counts columns, not characters", async () => {
  assertEquals(await pageText("東京 大阪 京都", 10), "東京 大阪\n京都");
  const table = "| a | b |\n|---|---|\n| 東京 | x |";
  assertEquals(await pageText(table, 10), "a     b\n----  -\n東京  x");
});

/** Words of a page, without what draws its tables. */
function wordsOf(page: string): string[] {
  return page.split(/[\s|]+/).map((word) => word.replaceAll("\\", ""))
    .filter((word) => !/^-*$/.test(word)).sort();
}

Deno.test("every page for operators fits a terminal, and loses no word", async (t) => {
  for (const { name, load } of TOPICS) {
    await t.step(name, async () => {
      const { default: markdown } = await load();
      for (const columns of [80, 100, 160]) {
        const text = await pageText(markdown, columns);
        let fenced = false;
        for (const line of text.split("\n")) {
          if (line.startsWith("```")) fenced = !fenced;
          // Code is to be copied as it is, and a word that is longer than a line stays whole.
          if (fenced || line.startsWith("    ")) continue;
          const fits = line.length <= columns || line.trim().split(" ").length === 1;
          assert(fits, `${columns} columns: ${line}`);
        }
        // A table that becomes blocks says its heads with each row, but for the first.
        const heads = [...markdown.matchAll(/^\| (\w+) +\|.*\n\| ?-/gm)].map(([, head]) => head!);
        const after = new Set([...wordsOf(text), ...heads]);
        const lost = wordsOf(markdown).filter((word) => !after.has(word) && !after.has(`${word}:`));
        assertEquals(lost, []);
      }
    });
  }
});
