import { booleanFlag, type FlagValues, stringFlag, unsignedFlag } from "./flags.ts";

/** The options before the command. */
export const GLOBAL_FLAGS = {
  a: booleanFlag("Ask for the password"),
  h: stringFlag("Host of the control API (or MIRRORBITS_HOST)", "localhost"),
  p: unsignedFlag("Port of the control API (or MIRRORBITS_PORT)", 3390),
  P: stringFlag("Password of the control API (or MIRRORBITS_PASSWORD)"),
  user: stringFlag("Who you are, for the logs of mirrors (or MIRRORBITS_USER)"),
  version: booleanFlag("Print the version of this program"),
};

/** What the options before the command say. */
export type GlobalFlags = FlagValues<typeof GLOBAL_FLAGS>;
