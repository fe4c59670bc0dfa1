import type { Config } from "../../config/config.ts";
import type { PageTemplates } from "../../config/page_templates.ts";
import type { GeoCredit } from "../../geo/geo_credit.ts";

/** The part of the configuration that answers depend on. */
export type HttpConfig = HttpKeys & {
  /** What the directory in Templates holds; absent: the embedded pages. */
  readonly pageTemplates?: PageTemplates;
  /** Whom the pages name for the GeoIP databases in use; absent: nobody. */
  readonly geoCredit?: GeoCredit | null;
};

type HttpKeys = Pick<
  Config,
  | "repository"
  | "listenAddress"
  | "workers"
  | "gzip"
  | "hashes"
  | "outputMode"
  | "localJsPath"
  | "allowHttpToHttpsRedirects"
  | "sameDownloadInterval"
  | "logDir"
  | "logRefused"
  | "logAddress"
  | "maxLinkHeaders"
  | "fixTimezoneOffsets"
  | "tolerance"
  | "weightDistributionRange"
  | "allowOutdatedFiles"
  | "fallbacks"
  | "trustedProxies"
  | "forwardedHeader"
  | "geographicalSort"
  | "ipFamilies"
  | "directories"
  | "exclude"
  | "embargo"
  | "latest"
  | "serveLocally"
  | "stableDraw"
  | "metadataSets"
  | "keepRemoved"
  | "rules"
  | "refuse"
  | "clientChoice"
  | "explain"
  | "geoOverrides"
  | "metalink"
  | "metalinkHeaders"
  | "metalinkNegotiation"
  | "metalinkMirrors"
  | "metalinkPublisher"
  | "metalinkAlternates"
  | "pieceHashes"
  | "pieceHashMinSize"
  | "torrents"
  | "torrentVersion"
  | "torrentTrackers"
  | "zsync"
  | "publicUrl"
  | "staleAfter"
  | "verify"
  | "metricsCountries"
  | "publicStats"
  | "ignoreAgents"
>;
