/** What Apache leaves out of listings as it comes (`IndexIgnore` of most distributions). */
const HIDDEN = /^\.|[~#]$|^(?:RCS|CVS)$|,[vt]$|^(?:README|HEADER)/;

/** Whether a listing may leave out a name that is there: then its absence proves nothing. */
export function isHiddenName(name: string): boolean {
  return HIDDEN.test(name);
}
