/**
 * Words a share of the draw as people read it: whole numbers.
 *
 * @param share percent; `null` outside the draw
 * @returns `64%`, `<1%`, `n/a`
 */
export function shareText(share: number | null): string {
  if (share === null) return "n/a";
  return share < 1 ? "<1%" : `${Math.round(share)}%`;
}
