/** Packs bytes with gzip. */
export async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = ReadableStream.from([new Uint8Array(bytes)])
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Writes a tar archive (ustar) of files, by name; a name that ends with `/` is a directory. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    return [tarHeader(name, bytes.length), padded];
  });
  const all = [...blocks, new Uint8Array(1024)];
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of all) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}

function tarHeader(name: string, size: number): Uint8Array {
  const header = new Uint8Array(512);
  const write = (text: string, at: number): void => header.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write("0000644\0", 100);
  write("0000000\0", 108);
  write("0000000\0", 116);
  write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  write("00000000000\0", 136);
  write("        ", 148);
  write(name.endsWith("/") ? "5" : "0", 156);
  write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
