/**
 * A thread that tries what it is told, and tells what came of it.
 *
 * @module
 */
import { type Attempts, type Outcomes, pry } from "./pry.ts";

interface Scope {
  postMessage(message: Outcomes): void;
  onmessage: (event: MessageEvent<Attempts>) => void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = async ({ data }) => scope.postMessage(await pry(data));
scope.postMessage({ open: "" });
