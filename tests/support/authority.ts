import { tempDir } from "./temp_dir.ts";

/** A certificate of the authority's, as `Deno.listenTls` takes it. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** When a certificate counts, and for whom. */
export interface CertificateWishes {
  /** `2020-01-01`; default: a day ago. */
  readonly from?: string;
  /** `2030-01-01`; default: in 30 days. */
  readonly until?: string;
  /** Default: `DNS:localhost,IP:127.0.0.1,IP:::1`. */
  readonly names?: string;
}

const DAY = 86_400_000;

const CONFIGURATION = (directory: string): string => `
[ca]
default_ca=own
[own]
dir=${directory}
database=${directory}/index
serial=${directory}/serial
new_certs_dir=${directory}
certificate=${directory}/ca.pem
private_key=${directory}/ca.key
default_md=sha256
policy=any
copy_extensions=copy
unique_subject=no
[any]
commonName=supplied
`;

/** A certificate authority of openssl's. */
export class Authority implements AsyncDisposable {
  /** What clients have to trust, PEM. */
  readonly certificate: string;
  /** Where that is. */
  readonly file: string;
  readonly #directory: Awaited<ReturnType<typeof tempDir>>;

  private constructor(directory: Awaited<ReturnType<typeof tempDir>>) {
    this.#directory = directory;
    this.file = `${directory.path}/ca.pem`;
    this.certificate = Deno.readTextFileSync(this.file);
  }

  /** Founds one. */
  static async found(): Promise<Authority> {
    const directory = await tempDir();
    const { path } = directory;
    Deno.writeTextFileSync(`${path}/index`, "");
    Deno.writeTextFileSync(`${path}/serial`, "01");
    Deno.writeTextFileSync(`${path}/ca.cnf`, CONFIGURATION(path));
    await openssl([
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30".split(" "),
      ...["-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE"],
      ...["-keyout", `${path}/ca.key`, "-out", `${path}/ca.pem`],
    ]);
    return new Authority(directory);
  }

  /** Issues a certificate for a server on this machine. */
  async issue(name: string, wishes: CertificateWishes = {}): Promise<IssuedCertificate> {
    const { from = day(Date.now() - DAY), until = day(Date.now() + 30 * DAY) } = wishes;
    const { names = "DNS:localhost,IP:127.0.0.1,IP:::1" } = wishes;
    const base = `${this.#directory.path}/${name}`;
    await openssl([
      ..."req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(" "),
      ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=${names}`],
      ...["-keyout", `${base}.key`, "-out", `${base}.csr`],
    ]);
    await openssl([
      ...["ca", "-batch", "-notext", "-config", `${this.#directory.path}/ca.cnf`],
      ...["-startdate", stamp(from), "-enddate", stamp(until)],
      ...["-in", `${base}.csr`, "-out", `${base}.pem`],
    ]);
    const [cert, key] = await Promise.all(
      ["pem", "key"].map((ending) => Deno.readTextFile(`${base}.${ending}`)),
    );
    return { cert: cert!, key: key! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]();
  }
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function stamp(date: string): string {
  return `${date.replaceAll("-", "")}000000Z`;
}

async function openssl(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [...args],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
