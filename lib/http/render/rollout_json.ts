import type { Rollout } from "../../catalog/rollout.ts";
import type { Answer } from "./answer.ts";
import { renderJsonDocument } from "./json_document.ts";
import { rfc3339 } from "./rfc3339.ts";

/**
 * Renders how far something has reached the mirrors as JSON. `Took` counts seconds.
 *
 * @param path decoded path
 * @param rollout how far it is
 * @param pretty whether people read it
 */
export function renderRolloutJson(path: string, rollout: Rollout, pretty: boolean): Answer {
  const { percent, have, traffic, continents, mirrors, curve } = rollout;
  const value = {
    Path: path,
    Percent: Math.round(percent * 10) / 10,
    Have: have,
    Of: mirrors.length,
    Traffic: traffic === null ? null : Math.round(traffic * 10) / 10,
    Continents: continents.map(({ code, mirrors, have }) => ({
      Code: code,
      Have: have,
      Of: mirrors,
    })),
    Mirrors: mirrors.map(({ name, has, took }) => ({
      Name: name,
      Has: has,
      Took: took === null ? null : Math.round(took / 1000),
    })),
    Curve: curve.map(({ time, have }) => ({ Time: rfc3339(time), Have: have })),
  };
  return renderJsonDocument(value, pretty);
}
