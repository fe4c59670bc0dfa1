/** Where what is asked for is, seen from a metadata set. */
export type SetScenario = "outside" | "inside" | "changing";

/** One thing to measure. */
export interface Scenario {
  readonly name: string;
  readonly mirrors: number;
  /** Files in the index. */
  readonly files: number;
  /** Files that are asked for, at random. */
  readonly asked: number;
  /** HTTP threads. */
  readonly threads: number;
  /** Whether the download log is written. */
  readonly log: boolean;
  /**
   * Whether there are 100 000 networks, 50 rules, quotas, bandwidths and families; default: none. A server
   * without them is measured beside it.
   */
  readonly choice?: boolean;
  /**
   * Whether there is a metadata set, and whether what is asked for is in it; `changing`: it is, and the set
   * changes every second. Default: there is none. A server without it is measured beside it.
   */
  readonly sets?: SetScenario;
  /** Further keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const BASE: Scenario = {
  name: "",
  mirrors: 8,
  files: 2000,
  asked: 1,
  threads: 1,
  log: false,
};

/** What is measured, in groups. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  targets: [
    { ...BASE, name: "1 thread, 8 mirrors, one file" },
    { ...BASE, name: "1 thread, 8 mirrors, 2 000 files", asked: 2000 },
    { ...BASE, name: "1 thread, 8 mirrors, 2 000 files, download log", asked: 2000, log: true },
    { ...BASE, name: "2 threads, 8 mirrors, one file", threads: 2 },
    { ...BASE, name: "2 threads, 8 mirrors, 2 000 files", threads: 2, asked: 2000 },
    { ...BASE, name: "2 threads, 50 mirrors, one file", threads: 2, mirrors: 50 },
    { ...BASE, name: "2 threads, 50 mirrors, 2 000 files", threads: 2, mirrors: 50, asked: 2000 },
  ],
  mirrors: [1, 8, 50, 200, 1000].flatMap((mirrors) => [
    { ...BASE, name: `${mirrors} mirrors, one file`, mirrors },
    { ...BASE, name: `${mirrors} mirrors, 2 000 files`, mirrors, asked: 2000 },
  ]),
  files: [2000, 200_000, 2_000_000].map((files) => ({
    ...BASE,
    name: `2 mirrors, ${files} files at random`,
    mirrors: 2,
    files,
    asked: files,
  })),
  choice: [1, 2000].map((asked) => ({
    ...BASE,
    name: `200 mirrors, ${asked} files, networks, rules, quotas`,
    mirrors: 200,
    asked,
    choice: true,
    // More mirrors come into question: longer answers would be measured, and not choosing.
    config: { MaxLinkHeaders: 4 },
  })),
  metalink: ["never", "auto", "always"].map((headers) => ({
    ...BASE,
    name: `MetalinkHeaders: ${headers}`,
    asked: 2000,
    config: { MetalinkHeaders: headers, PublicURL: "https://dl.example.org/" },
  })),
  sets: (["outside", "inside", "changing"] as const).map((sets) => ({
    ...BASE,
    name: `8 mirrors, 2 000 files, metadata set: ${sets}`,
    asked: 2000,
    sets,
  })),
  threads: [0, 1, 2, 4].map((threads) => ({
    ...BASE,
    name: `${threads} threads`,
    threads,
    asked: 2000,
  })),
};
