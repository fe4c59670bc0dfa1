import { type Html, markup } from "../render/html.ts";

/**
 * Renders a bar for a number that stands beside it.
 *
 * @param percent its length, 0 to 100
 * @returns SVG
 */
export function renderBar(percent: number): Html {
  const length = Number(percent.toFixed(1));
  return markup`<svg class="bar" aria-hidden="true"><rect width="${length}%"/></svg>`;
}
