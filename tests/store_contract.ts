import type { Store } from "../lib/store/store.ts";
import { counterCases } from "./store_contract/counters.ts";
import { copyCases } from "./store_contract/copies.ts";
import { eventCases } from "./store_contract/events.ts";
import { largeCases } from "./store_contract/large.ts";
import { lockCases } from "./store_contract/locks.ts";
import { messageCases } from "./store_contract/messages.ts";
import { mirrorCases } from "./store_contract/mirrors.ts";
import { modelCases } from "./store_contract/model.ts";
import { noteCases } from "./store_contract/notes.ts";
import { pieceCases } from "./store_contract/pieces.ts";
import { revisionCases } from "./store_contract/revisions.ts";
import { sharedCases } from "./store_contract/shared.ts";
import { sourceCases } from "./store_contract/source.ts";
import { verificationCases } from "./store_contract/verifications.ts";
import { watchCases } from "./store_contract/watch.ts";
import type { StoreReader } from "../lib/store/store_reader.ts";

/** An empty store, opened for one test; disposing of it closes the store and removes its data. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** A reader of the same data, as an HTTP thread has it; where there is one, it is asked too. */
  readonly reader?: StoreReader;
}

/** One promise of the port. */
export interface ContractCase {
  /** Reads on from the store's name: `lookup() gives null for an unknown file`. */
  readonly name: string;
  run(opened: OpenedStore): Promise<void>;
}

/** How one store takes the suite. */
export interface ContractOptions {
  /** Name of a case → why this store cannot pass it. */
  readonly skip?: Readonly<Record<string, string>>;
}

const cases: readonly ContractCase[] = [
  ...mirrorCases,
  ...sourceCases,
  ...pieceCases,
  ...revisionCases,
  ...noteCases,
  ...verificationCases,
  ...copyCases,
  ...sharedCases,
  ...largeCases,
  ...counterCases,
  ...eventCases,
  ...lockCases,
  ...messageCases,
  ...watchCases,
  ...modelCases,
];

/**
 * Registers the tests that every store passes.
 *
 * @param name what the store is called in the names of the tests
 * @param open opens an empty store; called once for each test, and again within some
 * @throws Error when `options.skip` names a case that does not exist
 */
export function storeContract(
  name: string,
  open: () => Promise<OpenedStore>,
  options: ContractOptions = {},
): void {
  const skip = options.skip ?? {};
  for (const skipped of Object.keys(skip)) {
    if (!cases.some((one) => one.name === skipped)) {
      throw new Error(`No case of the store contract is called "${skipped}"`);
    }
  }
  for (const one of cases) {
    const reason = skip[one.name];
    Deno.test({
      name: `${name}: ${one.name}${reason === undefined ? "" : ` (skipped: ${reason})`}`,
      ignore: reason !== undefined,
      fn: async () => {
        await using opened = await open();
        await one.run(opened);
      },
    });
  }
}
