import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { ExplanationJson, RulesJson } from "./api/explain_schemas.ts";
import type { SimulatedJson } from "./api/simulate_schemas.ts";

/** Port: tells operators how requests are decided, by the same steps as the threads that answer them. */
export interface Choices {
  /**
   * Explains a request.
   *
   * @param question the path, decoded; the address of a client, `null`: one of whom nothing is known
   * @returns `null` when the index does not have the file
   */
  explain(question: {
    readonly path: string;
    readonly from: string | null;
    readonly https: boolean;
    readonly seed: number;
  }): Promise<ExplanationJson | "excluded" | "held" | null>;
  /**
   * Tells what each rule does for a client.
   *
   * @param from address of the client
   * @param path only mirrors that have this file; `null`: all
   * @returns `null` when the index does not have the file
   */
  testRules(from: string, path: string | null): Promise<RulesJson | null>;
  /**
   * Finds out whom requests would be sent to.
   *
   * @param requests address, path, and how often
   * @param change gives mirrors the settings that they would have
   * @param seed of the draws
   */
  simulate(
    requests: readonly (readonly [address: string, path: string, count: number])[],
    change: (mirrors: readonly MirrorRecord[]) => readonly MirrorRecord[],
    seed: number,
  ): Promise<SimulatedJson>;
}
