import type { ClientWishes } from "../../selection/client_wishes.ts";
import type { ClientView } from "../../selection/client_view.ts";
import type { Selection } from "../../selection/selection.ts";
import type { ClientWord, ClientWords } from "./client_words.ts";
import type { HttpRequest } from "./request.ts";

/** Says nothing. */
const NO_WISHES: ClientWishes = { avoid: [], mirror: null, country: null, asker: null };

/** Each word by itself, those first that weigh most. */
const WORDS: readonly (readonly [ClientWord, (all: ClientWishes) => Partial<ClientWishes>])[] = [
  ["avoid", ({ avoid }) => ({ avoid })],
  ["fromip", ({ asker }) => ({ asker })],
  ["mirror", ({ mirror }) => ({ mirror })],
  ["country", ({ country }) => ({ country })],
];

/**
 * Chooses as a client wishes. A word that leaves nobody though somebody may serve is not followed, and
 * noted as ignored.
 *
 * @param request who asks, and with which words
 * @param choose chooses for a client; `null`: it wishes nothing
 * @returns what was chosen; without candidates only when nobody may serve whatever is wished
 */
export function heedWords(
  { words, client, asker }: Pick<HttpRequest, "words" | "client" | "asker">,
  choose: (wishes: ClientWishes | null, client: ClientView) => Selection,
): Selection {
  if (words === null) return choose(null, client.view);
  const all = choose(words.wishes, client.view);
  if (all.candidates.length > 0) return all;
  const own = words.wishes.asker === null ? client : asker;
  let best = choose(NO_WISHES, own.view);
  if (best.candidates.length === 0) return all;
  let kept = NO_WISHES;
  for (const [word, take] of WORDS) {
    if (!isSaid(words, word)) continue;
    const tried = { ...kept, ...take(words.wishes) };
    const selection = choose(tried, tried.asker === null ? own.view : client.view);
    if (selection.candidates.length > 0) {
      kept = tried;
      best = selection;
    } else if (!words.ignored.includes(word)) words.ignored.push(word);
  }
  return best;
}

function isSaid({ wishes }: ClientWords, word: ClientWord): boolean {
  if (word === "avoid") return wishes.avoid.length > 0;
  return wishes[word === "fromip" ? "asker" : word] !== null;
}
