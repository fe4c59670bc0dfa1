import type { Answer } from "./answers.ts";

/** Where the answers for what a mirror has, and for what none has, lead. */
export interface Places {
  readonly mirror: string;
  readonly fallback: string;
}

/** A way in which a file of a repository changes. */
export interface ChangeKind {
  readonly name: string;
  /** Makes what is there before, in a directory of its own. */
  readonly prepare: (directory: string, index: number) => void;
  /** Changes it. */
  readonly change: (directory: string, index: number) => void;
  /** Names in the directory, each with what is right before and after. */
  readonly expected: (index: number) => readonly {
    readonly name: string;
    readonly before: (answer: Answer, places: Places) => boolean;
    readonly after: (answer: Answer, places: Places) => boolean;
  }[];
}

type Test = (answer: Answer, places: Places) => boolean;
const missing: Test = (answer) => answer === "404";
const atMirror: Test = (answer, { mirror }) => answer.startsWith(`302 ${mirror}`);
const atFallback: Test = (answer, { fallback }) => answer.startsWith(`302 ${fallback}`);
const write = (file: string, text: string): void => Deno.writeTextFileSync(file, text);
const writeOld = (directory: string, index: number): void => write(`${directory}/${index}`, "old");

/** All ways in which a file changes, and a link. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  {
    name: "new",
    prepare: () => {},
    change: (directory, index) => write(`${directory}/${index}`, "new one"),
    expected: (index) => [{ name: `${index}`, before: missing, after: atFallback }],
  },
  {
    name: "replaced by rename",
    prepare: writeOld,
    change: (directory, index) => {
      write(`${directory}/.${index}.part`, "new one");
      Deno.renameSync(`${directory}/.${index}.part`, `${directory}/${index}`);
    },
    expected: (index) => [{ name: `${index}`, before: atMirror, after: atFallback }],
  },
  {
    name: "replaced in place",
    prepare: writeOld,
    change: (directory, index) => write(`${directory}/${index}`, "new one"),
    expected: (index) => [{ name: `${index}`, before: atMirror, after: atFallback }],
  },
  {
    name: "removed",
    prepare: writeOld,
    change: (directory, index) => Deno.removeSync(`${directory}/${index}`),
    expected: (index) => [{ name: `${index}`, before: atMirror, after: missing }],
  },
  {
    name: "moved",
    prepare: writeOld,
    change: (directory, index) =>
      Deno.renameSync(`${directory}/${index}`, `${directory}/moved-${index}`),
    expected: (index) => [
      { name: `${index}`, before: atMirror, after: missing },
      { name: `moved-${index}`, before: missing, after: atFallback },
    ],
  },
  {
    name: "links switched",
    prepare: (directory, index) => {
      if (index === 0) { for (const name of ["one", "two"]) write(`${directory}/${name}`, name); }
      Deno.symlinkSync("one", `${directory}/${index}`);
    },
    change: (directory, index) => {
      Deno.symlinkSync("two", `${directory}/.${index}.part`);
      Deno.renameSync(`${directory}/.${index}.part`, `${directory}/${index}`);
    },
    expected: (index) => [{
      name: `${index}`,
      before: (answer) => answer.endsWith("/one"),
      after: (answer) => answer.endsWith("/two"),
    }],
  },
];
