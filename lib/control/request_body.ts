import { ControlError } from "./control_error.ts";
import type { MirrorScanRequest } from "./scan_service.ts";

/** Bytes that a request may bring. */
const LARGEST_BODY = 1_048_576;

/**
 * Reads the JSON object that a request brings; a request without a body brings an empty one.
 *
 * @throws {ControlError} `invalid`
 */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request);
  if (text === "") return {};
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(type)) {
    throw invalid(`The content type must be application/json, found ${JSON.stringify(type)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("The body is no JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalid("The body must be a JSON object");
}

/** Reads how a mirror is to be scanned. @throws {ControlError} `invalid` */
export function readScanRequest(body: Readonly<Record<string, unknown>>): MirrorScanRequest {
  const { protocol = null, timeout = null } = body;
  if (protocol !== null && protocol !== "rsync" && protocol !== "ftp") {
    throw invalid(`protocol must be rsync, ftp or null, found ${JSON.stringify(protocol)}`);
  }
  if (
    timeout !== null && !(typeof timeout === "number" && timeout > 0 && timeout < 2 ** 31 / 1000)
  ) {
    throw invalid(`timeout must be a number of seconds above 0, found ${JSON.stringify(timeout)}`);
  }
  return { protocol, timeout, enable: readFlag("enable", body["enable"]) ?? false };
}

/** Reads a truth value from a query or a body. @throws {ControlError} `invalid` */
export function readFlag(name: string, value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw invalid(`${name} must be true or false, found ${JSON.stringify(value)}`);
}

/** Reads a whole number from a query. @throws {ControlError} `invalid` */
export function readQueryNumber(
  name: string,
  value: string | undefined,
  byDefault: number,
): number {
  if (value === undefined) return byDefault;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw invalid(`${name} must be a whole number, found ${JSON.stringify(value)}`);
}

/** Reads the ID of a mirror from a path. @throws {ControlError} `invalid` */
export function readId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw invalid(`The ID of a mirror is a number above 0, found ${JSON.stringify(text)}`);
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw invalid(`The body is larger than ${LARGEST_BODY} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function invalid(message: string): ControlError {
  return new ControlError("invalid", message);
}
