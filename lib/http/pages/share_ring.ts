import type { Candidate } from "../../selection/selection.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** Mirrors that get a colour of their own; the others share the last one. */
const COLOURED = 8;

const RADIUS = 60;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;

interface Slice {
  readonly name: string;
  readonly share: number;
}

/**
 * Draws how the downloads are shared among the mirrors of the draw: a ring, and the same numbers as
 * in the table beside it.
 *
 * @param words of the language
 * @param candidates by rank
 * @returns HTML; empty when there is no draw among two or more
 */
export function shareRing(words: Words, candidates: readonly Candidate[]): Html {
  const drawn = candidates.flatMap(({ mirror, share }, index): Slice[] =>
    share === null ? [] : [{ name: `${index + 1}. ${mirror.sponsorName || mirror.name}`, share }]
  );
  if (drawn.length < 2) return NO_HTML;
  const shown = drawn.length > COLOURED + 1 ? drawn.slice(0, COLOURED) : drawn;
  const others = drawn.slice(shown.length);
  const rest = others.reduce((sum, { share }) => sum + share, 0);
  const slices = others.length === 0
    ? shown
    : [...shown, { name: words.text("list.others", { count: others.length }), share: rest }];
  let start = 0;
  const arcs = slices.map(({ share }, index) => {
    const arc = arcSvg(start, share, index);
    start += share;
    return arc;
  });
  const items = slices.map(({ name, share }, index) =>
    markup`<li>${SWATCH(index)}<span>${name}</span> <span>${words.share(share)}</span></li>`
  );
  return markup`<div class="shares">
<svg class="ring" viewBox="0 0 140 140" aria-hidden="true">
<g transform="translate(70 70)">${arcs}</g>
<text class="large" x="70" y="76">${drawn.length}</text><text class="small" x="70" y="93">${
    words.text("list.count", { count: drawn.length })
  }</text>
</svg>
<ul class="share-list">
${lines(items)}
</ul>
</div>`;
}

const SWATCH = (index: number): Html => markup`<i class="c${index}"></i>`;

/** A part of the ring, clockwise from the top, with a gap after it. */
function arcSvg(start: number, share: number, index: number): Html {
  const length = share / 100 * CIRCUMFERENCE;
  const gap = Math.min(1.5, length / 2);
  const dashes = `${(length - gap).toFixed(2)} ${CIRCUMFERENCE.toFixed(2)}`;
  const turn = (start * 3.6 - 90).toFixed(2);
  return markup`<circle class="c${index}" r="${RADIUS}" stroke-dasharray="${dashes}" transform="rotate(${turn})"/>`;
}
