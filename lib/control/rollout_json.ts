import type { Rollout } from "../catalog/rollout.ts";
import type { RolloutJson } from "./api/release_schemas.ts";

/** Writes how far something has reached the mirrors as the control API does. */
export function rolloutToJson(path: string, rollout: Rollout): RolloutJson {
  const { percent, have, traffic, continents, mirrors, curve } = rollout;
  return {
    ...{ path, percent, have, traffic },
    continents: continents.map((one) => ({ ...one })),
    mirrors: mirrors.map((one) => ({ ...one })),
    curve: curve.map(({ time, have }) => ({ time: new Date(time).toISOString(), have })),
  };
}
