import type { IndexedFile } from "../catalog/file.ts";
import type { ClientView } from "./client_view.ts";
import type { ClientWishes } from "./client_wishes.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import type { SelectionOptions } from "./selection_options.ts";
import type { TlsChoice } from "./selection.ts";
import type { SetLevel } from "./set_view.ts";
import type { Trees } from "./tree.ts";
import type { WholeTree } from "./whole_tree.ts";

/** Who asks for what. */
export interface SelectionRequest {
  /** The file asked for, with all its copies. */
  readonly indexed: IndexedFile;
  /** By ID; copies on a mirror that is not here are passed over. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** Who asks. */
  readonly client: ClientView;
  /** Which scheme the answer may use. */
  readonly tls: TlsChoice;
  /** What the operator configured. */
  readonly options: SelectionOptions;
  /** Where the address of a client takes the place of chance; default: nowhere. */
  readonly trees?: Trees | null;
  /** How old a revision of a metadata set may be; default: not below its floor. */
  readonly level?: SetLevel;
  /** Whether the file waits until enough mirrors have it; default: it does not. */
  readonly embargoed?: boolean;
  /** Of the client's address; default: it has none. */
  readonly word?: number | null;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Whether to show everyone in order of rank, with nothing left to chance (the mirror list). */
  readonly ranked: boolean;
  /** What the client says of mirrors; default: nothing. */
  readonly wishes?: ClientWishes | null;
  /** Mirrors that are never scanned; default: there are none. */
  readonly wholeTree?: WholeTree | null;
  /** Who looks on, where that is not the client: mirrors that are hidden from them are passed over. */
  readonly onlooker?: ClientView;
  /** Whether to show mirrors, too, of which only their own networks are to know. Default: false. */
  readonly hidden?: boolean;
}
