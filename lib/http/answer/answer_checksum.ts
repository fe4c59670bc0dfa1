import { renderChecksum } from "../render/checksum.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import type { OfferedFile } from "../request/decide.ts";
import { unknownFile } from "../request/found_file.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Makes the function that answers with a checksum of a file.
 *
 * @param type which hash
 * @returns it answers with the hash; 404 when there is none, 503 when nobody can say yet
 */
export function answerChecksum(
  type: "md5" | "sha1" | "sha256",
): (context: AnswerContext, request: HttpRequest, found: OfferedFile) => Answer {
  return ({ state }, _request, found) => {
    if (found.type === "indexed") {
      const { file } = found.indexed;
      // Size and time are written first.
      return file[type] === "" && state.config.hashes[type]
        ? renderError(503, "Service Unavailable: this file is not hashed yet")
        : renderChecksum(file, type);
    }
    if (!found.storeAnswered) return renderError(503);
    return found.isFile
      ? renderError(503, "Service Unavailable: this file is not scanned yet")
      : renderChecksum(unknownFile(found.path), type);
  };
}
