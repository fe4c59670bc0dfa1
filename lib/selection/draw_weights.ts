import type { Mirror } from "../catalog/mirror.ts";
import { limitShares } from "./share_limits.ts";

/** How far a bandwidth may move a weight, down and up. */
const LEAST = 0.1;
const MOST = 10;

/** Those that chance chooses among, with what it goes by. */
export interface Draw<Member> {
  readonly members: Member[];
  /** One for each member, above 0. */
  readonly weights: number[];
}

/**
 * Applies what operators say of bandwidths and largest shares to a draw.
 *
 * @param draw is changed in place: mirrors may join it
 * @param next those that are not in the draw, nearest first; they join, one by one, while the largest
 *   shares of those in it do not make up the whole
 */
export function adjustDraw<Member extends { readonly mirror: Mirror }>(
  draw: Draw<Member>,
  next: Iterable<Member>,
): void {
  applyBandwidths(draw);
  applyLimits(draw, next);
}

/** By bandwidth ÷ median bandwidth of those in the draw; a mirror without one counts as the median. */
function applyBandwidths({ members, weights }: Draw<{ readonly mirror: Mirror }>): void {
  let known = false;
  for (let i = 0; i < members.length; i++) known ||= members[i]!.mirror.bandwidth > 0;
  if (!known) return;
  const middle = median(members.map(({ mirror }) => mirror.bandwidth).filter((one) => one > 0));
  for (let i = 0; i < members.length; i++) {
    const { bandwidth } = members[i]!.mirror;
    if (bandwidth === 0) continue;
    weights[i] = weights[i]! * Math.min(MOST, Math.max(LEAST, bandwidth / middle));
  }
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const half = values.length >>> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

function applyLimits<Member extends { readonly mirror: Mirror }>(
  { members, weights }: Draw<Member>,
  next: Iterable<Member>,
): void {
  let limited = false;
  for (let i = 0; i < members.length; i++) limited ||= members[i]!.mirror.maxShare > 0;
  if (!limited) return;
  let sum = 0;
  for (const member of members) sum += limitOf(member);
  if (sum < 100) {
    for (const member of next) {
      members.push(member);
      weights.push(1);
      sum += limitOf(member);
      if (sum >= 100) break;
    }
  }
  const shares = limitShares(weights, members.map(limitOf));
  for (let i = 0; i < shares.length; i++) weights[i] = shares[i]!;
}

function limitOf({ mirror }: { readonly mirror: Mirror }): number {
  return mirror.maxShare === 0 ? 100 : mirror.maxShare;
}
