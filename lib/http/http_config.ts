import type { Config } from "../config/config.ts";

/** The part of the configuration that answers depend on. */
export type HttpConfig = Pick<
  Config,
  | "repository"
  | "outputMode"
  | "localJsPath"
  | "allowHttpToHttpsRedirects"
  | "sameDownloadInterval"
  | "logDir"
  | "maxLinkHeaders"
  | "fixTimezoneOffsets"
  | "weightDistributionRange"
  | "allowOutdatedFiles"
  | "fallbacks"
  | "trustedProxies"
  | "geographicalSort"
>;
