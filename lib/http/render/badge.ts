import type { Answer } from "./answer.ts";
import { NO_SNIFF } from "./headers.ts";
import { markup } from "./html.ts";

/** What a badge says. */
export interface Badge {
  /** Of what, as text. */
  readonly label: string;
  /** How that is, as text. */
  readonly text: string;
  readonly look: "bad" | "good" | "none" | "warning";
}

const COLOURS = { good: "#1f7a34", warning: "#9a6700", bad: "#b3261e", none: "#57606a" } as const;

/** Characters that are shown of a part, at most. */
const LONGEST = 30;

/** Pixels of a character, and of the space around a part. */
const CHARACTER = 7;
const SPACE = 12;

/**
 * Renders a badge, as pages of projects show them.
 *
 * @returns an SVG of less than 1 kB
 */
export function renderBadge(badge: Badge): Answer {
  const label = cut(badge.label);
  const text = cut(badge.text);
  const left = Array.from(label).length * CHARACTER + SPACE;
  const right = Array.from(text).length * CHARACTER + SPACE;
  const body = markup`<svg xmlns="http://www.w3.org/2000/svg" width="${
    left + right
  }" height="20" role="img" aria-label="${label}: ${text}"><path d="M0 0h${left}v20H0z" fill="#333"/><path d="M${left} 0h${right}v20H${left}z" fill="${
    COLOURS[badge.look]
  }"/><g fill="#fff" text-anchor="middle" font-family="Verdana,sans-serif" font-size="11"><text x="${
    left / 2
  }" y="14">${label}</text><text x="${left + right / 2}" y="14">${text}</text></g></svg>`;
  return {
    status: 200,
    headers: [
      ["Content-Type", "image/svg+xml"],
      NO_SNIFF,
      ["Content-Security-Policy", "default-src 'none'"],
    ],
    body: body.toString(),
    tagged: true,
    compressible: true,
  };
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
}
