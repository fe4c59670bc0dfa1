import type { MaybePromise } from "../../store/store_reader.ts";

/**
 * Makes a function whose code is loaded when it is called for the first time: a thread starts the sooner,
 * and most never need it. From then on it answers at once.
 *
 * @param load loads it; it is what that tells
 */
export function lateAnswer<Asked extends unknown[], Told>(
  load: () => Promise<(...asked: Asked) => MaybePromise<Told>>,
): (...asked: Asked) => MaybePromise<Told> {
  let answer: ((...asked: Asked) => MaybePromise<Told>) | null = null;
  return (...asked) => {
    if (answer !== null) return answer(...asked);
    return load().then((loaded) => (answer = loaded)(...asked));
  };
}
