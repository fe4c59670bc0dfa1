/**
 * Says who did something, behind the words of an event.
 *
 * @param by a name, or the address of somebody who gave none; `undefined`: nobody knows
 * @returns ` (by ops)`; nothing for somebody on the daemon's own machine who gave no name: scripts know these
 *   lines without it
 */
export function whoText(by: string | undefined): string {
  return by === undefined || /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/.test(by)
    ? ""
    : ` (by ${by})`;
}
