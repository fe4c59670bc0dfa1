import { normaliseMirrorUrl } from "../mirror_url.ts";
import { type SettingKind, showPlain, wrongValue } from "./setting_kind.ts";

const CONTINENT_CODE = /^[A-Z]{2}$/;

/** A kind that is a text; `judge` gets it trimmed. */
function textKind(judge: (key: string, text: string) => string): SettingKind<string> {
  return {
    ...FREE_TEXT,
    read: (key, value) => judge(key, FREE_TEXT.read(key, value).trim()),
  };
}

/** Any text, with line breaks and the space around it. */
export const FREE_TEXT: SettingKind<string> = {
  shape: { type: "text" },
  valueName: "string",
  verbatim: true,
  parse: (text) => /^(~|null)?$/.test(text) ? "" : text,
  read(key, value) {
    if (typeof value === "string") return value;
    throw wrongValue(key, "a text", value);
  },
  show: showPlain,
};

/** A text in one line. */
export const LINE: SettingKind<string> = textKind((key, text) => {
  // A line break in a name would forge lines of logs and lists.
  if (/\p{Cc}/u.test(text)) throw wrongValue(key, "a text without control characters", text);
  return text;
});

/** The name of a mirror: a line without a space; that it is not empty is judged with the whole. */
export const IDENTIFIER: SettingKind<string> = textKind((key, text) => {
  if (/\s/.test(text)) throw new TypeError("The identifier cannot contain a space");
  return LINE.read(key, text);
});

/** The two letters of a continent, in either case; perhaps none. */
export const CONTINENT: SettingKind<string> = textKind((key, text) => {
  const code = text.toUpperCase();
  if (code === "" || CONTINENT_CODE.test(code)) return code;
  throw wrongValue(key, 'a two-letter code such as "EU"', text);
});

/** A base URL; it gets its final form. */
export function urlKind(protocol: "HTTP" | "rsync" | "FTP"): SettingKind<string> {
  return textKind((_, text) => normaliseMirrorUrl(protocol, text));
}
