/**
 * Whether user and password of a URL are percent-encoded as they have to be, so that they can be
 * decoded.
 */
export function hasPlainUser(url: string): boolean {
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}
