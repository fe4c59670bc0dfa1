import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Trees } from "../selection/tree.ts";
import type { SetView } from "../selection/set_view.ts";
import type { Store } from "../store/store.ts";
import { ControlError } from "./api/control_error.ts";
import type { RequiredJson, SetListJson } from "./api/set_schemas.ts";

/** What a {@linkcode SetService} works with. */
export interface SetServiceOptions {
  readonly store: Pick<Store, "mirrors" | "notes">;
  /** The sets as they are judged now; `null`: none are configured. */
  readonly sets: () => Promise<Trees | null>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MINUTE = 60_000;

/** Shows metadata sets, and has only their present revision served. */
export class SetService {
  readonly #options: SetServiceOptions;

  constructor(options: SetServiceOptions) {
    this.#options = options;
  }

  /** The sets, by root. */
  async list(): Promise<SetListJson> {
    const { store, sets, now } = this.#options;
    const mirrors = new Map((await store.mirrors()).map((mirror) => [mirror.id, mirror]));
    const required = await store.notes.all("require");
    const all = [...(await sets())?.sets.values() ?? []].sort((a, b) => a.root < b.root ? -1 : 1);
    return {
      sets: all.map((set) => {
        const until = Number(required.get(set.root) ?? 0);
        return {
          ...{ root: set.root, below: set.below, present: set.present, floor: set.floor },
          since: new Date(set.history.revisions.at(-1)!.time).toISOString(),
          aside: set.aside,
          floorAge: set.floor === 0 ? 0 : set.ageOf(set.floor),
          required: until > now() ? new Date(until).toISOString() : null,
          mirrors: [...set.standings].flatMap(([id, standing]) => {
            const mirror = mirrors.get(id);
            return mirror === undefined ? [] : [mirrorOf(set, mirror, standing.whole)];
          }),
        };
      }),
    };
  }

  /** Has only the present revision of a set served for a while. @throws ControlError */
  async require(path: string, minutes: number): Promise<RequiredJson> {
    const { store, sets, now } = this.#options;
    const set = (await sets())?.of(path)?.set ?? null;
    if (set === null) {
      throw new ControlError("not_found", `No metadata set has the path ${JSON.stringify(path)}`);
    }
    const { root, present } = set;
    if (minutes === 0) await store.notes.change("require", { removed: [root] });
    else await this.#require(root, now() + minutes * MINUTE);
    return { root, revision: present };
  }

  /**
   * Has only the present revision of a set served until no former one could be served any more.
   *
   * @param root of the set
   * @returns how many former ones could be served until now; 0 where there is no such set
   */
  async forgetFormer(root: string): Promise<number> {
    const { sets, now } = this.#options;
    const set = (await sets())?.sets.get(root);
    if (set === undefined) return 0;
    const { oldest, present, life } = set;
    if (life > 0) await this.#require(root, now() + life);
    return set.history.revisions.filter(({ number }) => number >= oldest && number < present)
      .length;
  }

  async #require(root: string, until: number): Promise<void> {
    await this.#options.store.notes.change("require", { put: new Map([[root, `${until}`]]) });
  }
}

function mirrorOf(
  set: SetView,
  { id, name }: MirrorRecord,
  whole: number | null,
): SetListJson["sets"][number]["mirrors"][number] {
  const reason = set.reasonOf(id, "floor");
  const state = reason === null
    ? "whole"
    : reason.type === "revision"
    ? "behind"
    : reason.type === "unsteady"
    ? "unsteady"
    : "syncing";
  return { id, name, state, revision: whole, age: whole === null ? 0 : set.ageOf(whole) };
}
