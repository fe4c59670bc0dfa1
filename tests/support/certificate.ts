/** A certificate for 127.0.0.1, localhost and whom else it was made for, that nobody trusts by itself. */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** Where the certificate is. */
  readonly file: string;
  /** Where the key is. */
  readonly keyFile: string;
}

/** Makes a self-signed certificate with openssl. @param hosts names that it is for, too */
export async function makeCertificate(
  directory: string,
  hosts: readonly string[] = [],
): Promise<Certificate> {
  const names = ["IP:127.0.0.1", ...["localhost", ...hosts].map((host) => `DNS:${host}`)];
  const file = `${directory}/cert.pem`;
  const keyFile = `${directory}/key.pem`;
  const options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30";
  const { success } = await new Deno.Command("openssl", {
    args: [
      ...options.split(" "),
      ...["-subj", "/CN=localhost", "-addext", `subjectAltName=${names.join(",")}`],
      // A certificate authority may not be a server, too, for some clients.
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", keyFile, "-out", file],
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("openssl could not make a certificate");
  const [cert, key] = await Promise.all([file, keyFile].map((path) => Deno.readTextFile(path)));
  return { cert: cert!, key: key!, file, keyFile };
}
