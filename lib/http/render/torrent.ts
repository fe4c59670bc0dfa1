import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import { formatHttpDate } from "../request/date.ts";
import type { FileSource } from "../request/list_sources.ts";
import type { Answer } from "./answer.ts";
import { type Bencodable, bencode, Encoded } from "./bencode.ts";
import { attachment, type Header, NO_SNIFF, NOT_CACHED, safeHeader } from "./headers.ts";
import type { TorrentInfo } from "./torrent_info.ts";

/** What a torrent, a magnet link and an info hash are written from. */
export interface TorrentFacts {
  /** Name and version of the program: `Mirrorbits/1.2.3`. */
  readonly program: string;
  readonly pieces: PieceHashes;
  readonly info: TorrentInfo;
  /** In tiers. */
  readonly trackers: readonly (readonly string[])[];
  /** Best first. */
  readonly sources: readonly FileSource[];
  /** URL of the torrent; `null`: not known. */
  readonly torrentUrl: string | null;
}

/** Web seeds of a torrent, and of a magnet link, at most. */
const WEB_SEEDS = 10;
const MAGNET_WEB_SEEDS = 3;

/** Nobody on the way may compress it: who reads it cannot unpack. */
const NO_TRANSFORM: Header = ["Cache-Control", `${NOT_CACHED[1]}, no-transform`];

const TEXT: Header = ["Content-Type", "text/plain; charset=utf-8"];

/** Answers with a torrent (BEP 3, 12, 19; hybrids: 52). */
export function renderTorrent(facts: TorrentFacts): Answer {
  const { program, pieces, info, trackers, sources } = facts;
  const torrent = new Map<string, Bencodable>([
    ["created by", program],
    ["creation date", Math.floor(pieces.modTime / 1000)],
    ["info", new Encoded(info.bytes)],
  ]);
  if (trackers.length > 0) {
    torrent.set("announce", trackers[0]![0]!);
    torrent.set("announce-list", trackers);
  }
  if (info.btmh !== null) {
    const { root, layer } = pieces;
    const layers = layer !== null && layer.length > 0 ? [[root!, layer] as const] : [];
    torrent.set("piece layers", new Map(layers));
  }
  const seeds = webSeeds(sources, WEB_SEEDS);
  if (seeds.length > 0) torrent.set("url-list", seeds);
  return {
    status: 200,
    headers: [
      NO_TRANSFORM,
      ["Content-Type", "application/x-bittorrent"],
      attachment(`${info.name}.torrent`),
      NO_SNIFF,
      lastModified(pieces),
    ],
    body: bencode(torrent),
    tagged: false,
    compressible: false,
  };
}

/** Answers with a magnet link, as text. */
export function renderMagnet(
  { pieces, info, trackers, sources, torrentUrl }: TorrentFacts,
): Answer {
  const parts = [`xt=urn:btih:${info.btih}`];
  // 0x12: SHA-256, 0x20: of 32 bytes, as multihash has it.
  if (info.btmh !== null) parts.push(`xt=urn:btmh:1220${info.btmh}`);
  const add = (key: string, value: string): number =>
    parts.push(`${key}=${encodeURIComponent(value)}`);
  add("dn", info.name);
  add("xl", `${pieces.size}`);
  for (const url of trackers.flat()) add("tr", url);
  for (const url of webSeeds(sources, MAGNET_WEB_SEEDS)) add("ws", url);
  if (torrentUrl !== null) add("xs", torrentUrl);
  return textAnswer(`magnet:?${parts.join("&")}\n`, pieces);
}

/** Answers with the info hash, like a checksum. */
export function renderInfoHash({ pieces, info }: TorrentFacts): Answer {
  return textAnswer(`${info.btih}  ${info.name}\n`, pieces);
}

function textAnswer(body: string, pieces: PieceHashes): Answer {
  return {
    status: 200,
    headers: [NOT_CACHED, TEXT, NO_SNIFF, lastModified(pieces)],
    body,
    tagged: false,
    compressible: true,
  };
}

function lastModified({ modTime }: PieceHashes): Header {
  return ["Last-Modified", formatHttpDate(modTime)];
}

/** libtorrent encodes a whole URL once more for the sake of an apostrophe. */
function webSeeds(sources: readonly FileSource[], most: number): string[] {
  return sources.map(({ url }) => safeHeader(url).replaceAll("'", "%27"))
    .filter((url) => !url.endsWith("/")).slice(0, most);
}
