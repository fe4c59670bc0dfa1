import { assertEquals } from "@std/assert";
import { MOST_VERIFIED } from "../../lib/store/verification_store.ts";
import type { ContractCase } from "../store_contract.ts";
import { sampleMirror } from "./samples.ts";

/** Which copies were asked for. */
export const verificationCases: readonly ContractCase[] = [
  {
    name: "of all who claim the verification of a copy one gets it",
    run: async ({ store }) => {
      const { verifications } = store;
      const [one, other] = [
        await store.addMirror(sampleMirror("one")),
        await store.addMirror(sampleMirror("other")),
      ];
      const got = await Promise.all([1, 2, 3].map(() => verifications.claim(one, "v1")));
      assertEquals(got.filter(Boolean).length, 1);
      assertEquals(await verifications.claim(one, "v2"), true);
      assertEquals(await verifications.claim(other, "v1"), true);
      await verifications.release(one, "v1");
      await verifications.release(one, "never claimed");
      assertEquals(await verifications.claim(one, "v1"), true);
      assertEquals(await verifications.claim(one, "v2"), false);
    },
  },
  {
    name: "nobody gets to verify a mirror that is gone",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("one"));
      await store.verifications.claim(id, "v1");
      await store.removeMirror(id);
      assertEquals(await store.verifications.claim(id, "v2"), false);
      assertEquals(await store.verifications.claim(id + 1, "v1"), false);
    },
  },
  {
    name: `more than ${MOST_VERIFIED} verified copies of a mirror are begun anew`,
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("one"));
      for (let from = 0; from < MOST_VERIFIED; from += 500) {
        const claims = Array.from(
          { length: 500 },
          (_, i) => store.verifications.claim(id, `${from + i}`),
        );
        assertEquals((await Promise.all(claims)).includes(false), false);
      }
      assertEquals(await store.verifications.claim(id, "0"), false);
      assertEquals(await store.verifications.claim(id, "one more"), true);
      assertEquals(await store.verifications.claim(id, "0"), true);
    },
  },
];
