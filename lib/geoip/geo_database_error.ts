/** A GeoIP database that cannot be used; the message completes "… is broken: <message>". */
export class GeoDatabaseError extends Error {
  /** The class's name. */
  override readonly name = "GeoDatabaseError";
}
