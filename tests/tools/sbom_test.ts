import { assertEquals } from "@std/assert";
import { softwareBill } from "./sbom.ts";

const SUBJECT = {
  name: "mirrorbits",
  version: "1.0.0",
  license: "MIT",
  madeAt: Date.UTC(2026, 0, 2),
};

Deno.test("softwareBill() lists what is reached, with hashes and dependencies", () => {
  const lock = {
    workspace: { dependencies: ["npm:@scope/a@1.0.0", "npm:tests-only@3.0.0"] },
    npm: {
      "@scope/a@1.0.0": { integrity: "sha512-AP8=", dependencies: ["b", "absent"] },
      "b@2.0.0": { integrity: "sha512-AQ==" },
      "tests-only@3.0.0": { integrity: "sha512-Ag==" },
    },
  };
  const bill = softwareBill(SUBJECT, lock, new Set(["@scope/a@1.0.0", "b@2.0.0"]));
  assertEquals(bill.components, [
    {
      "type": "library",
      "bom-ref": "pkg:npm/%40scope/a@1.0.0",
      name: "@scope/a",
      version: "1.0.0",
      purl: "pkg:npm/%40scope/a@1.0.0",
      hashes: [{ alg: "SHA-512", content: "00ff" }],
    },
    {
      "type": "library",
      "bom-ref": "pkg:npm/b@2.0.0",
      name: "b",
      version: "2.0.0",
      purl: "pkg:npm/b@2.0.0",
      hashes: [{ alg: "SHA-512", content: "01" }],
    },
  ]);
  assertEquals(bill.dependencies, [
    {
      ref: "pkg:generic/mirrorbits@1.0.0",
      dependsOn: ["pkg:npm/%40scope/a@1.0.0"],
    },
    { ref: "pkg:npm/%40scope/a@1.0.0", dependsOn: ["pkg:npm/b@2.0.0"] },
    { ref: "pkg:npm/b@2.0.0", dependsOn: [] },
  ]);
});

Deno.test("softwareBill() does without the peers that the lock file names", () => {
  const lock = {
    workspace: { dependencies: [] },
    npm: { "a@1.0.0_b@2.0.0": { integrity: "sha512-AA==" } },
  };
  const { components } = softwareBill(SUBJECT, lock, new Set(["a@1.0.0"]));
  assertEquals((components as { purl: string }[]).map(({ purl }) => purl), ["pkg:npm/a@1.0.0"]);
});
