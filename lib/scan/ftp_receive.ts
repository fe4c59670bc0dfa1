import type { FTPContext } from "basic-ftp";
import type { DataConnector } from "./ftp_data_connection.ts";

/** What came for a command. */
export interface FtpReceived {
  readonly text: string;
  /** What the server said when it had sent everything, with the codes. */
  readonly answer: string;
}

/** Bytes that the listing of one directory may have: about half a million files. */
const MAX_LISTING = 64 * 1024 * 1024;

/**
 * Gives a command, and receives what the server sends for it over a connection of its own.
 *
 * @param connect opens that connection
 * @throws {FTPError} when the server refuses
 * @throws Error when a connection breaks or is silent for too long; then the session is over
 */
export async function receive(
  ftp: FTPContext,
  command: string,
  connect: DataConnector,
): Promise<FtpReceived> {
  const { socket, begin } = await connect(ftp);
  // From now on it is closed with the session, and closes it when it fails.
  ftp.dataSocket = socket;
  const decoder = new TextDecoder();
  let text = "";
  let said = "";
  let length = 0;
  let begun = false;
  let ended = false;
  let done = false;
  try {
    await ftp.handle(command, (answer, task) => {
      const finish = (): void => {
        if (ended && done) task.resolve(undefined);
      };
      const start = (): void => {
        begun = true;
        const data = begin();
        // The silence that counts is that of the connection at work.
        ftp.socket.setTimeout(0);
        data.setTimeout(ftp.timeout);
        data.once("timeout", () => ftp.closeWithError(new Error("Timeout (data socket)")));
        data.once("error", (error) => ftp.closeWithError(error));
        data.on("data", (chunk) => {
          length += chunk.length;
          if (length > MAX_LISTING) ftp.closeWithError(new Error("Maximum bytes exceeded"));
          else text += decoder.decode(chunk, { stream: true });
        });
        data.once("end", () => {
          ended = true;
          data.setTimeout(0);
          ftp.socket.setTimeout(ftp.timeout);
          finish();
        });
        data.once("close", () => {
          if (!ended) ftp.closeWithError(new Error("Server closed connection unexpectedly"));
        });
        data.resume();
      };
      if (answer instanceof Error) task.reject(answer);
      else if (answer.code === 150 || answer.code === 125) begun || start();
      else if (answer.code >= 200 && answer.code < 300) {
        done = true;
        said = answer.message;
        finish();
      } else if (answer.code >= 300) {
        ftp.closeWithError(new Error(`The server asks for more: ${answer.message}`));
      }
    });
    return { text: text + decoder.decode(), answer: said };
  } finally {
    ftp.dataSocket = undefined;
  }
}
