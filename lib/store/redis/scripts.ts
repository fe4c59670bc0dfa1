import {
  CHANGE_COPIES,
  COUNT_SHARED,
  READ_COPIES,
  REMOVE_COPIES,
  SETTLE_SHARED,
} from "./copy_scripts.ts";
import { ADD_DOWNLOADS } from "./download_script.ts";
import { RELEASE_LOCK, RENEW_LOCK } from "./lock_scripts.ts";
import { LOOKUP } from "./lookup_script.ts";
import {
  ADD_EVENT,
  ADD_MIRROR,
  REMOVE_MIRROR,
  SET_FIELDS,
  UPDATE_MIRROR,
} from "./mirror_scripts.ts";
import type { Script } from "./script.ts";
import { CHANGE_SOURCE, READ_SOURCE, REMOVE_SOURCE } from "./source_scripts.ts";

/** What HTTP threads run. */
export const READER_SCRIPTS: readonly Script[] = [LOOKUP];

/** What the control thread runs. */
export const STORE_SCRIPTS: readonly Script[] = [
  LOOKUP,
  READ_SOURCE,
  READ_COPIES,
  CHANGE_SOURCE,
  REMOVE_SOURCE,
  CHANGE_COPIES,
  REMOVE_COPIES,
  COUNT_SHARED,
  SETTLE_SHARED,
  ADD_MIRROR,
  UPDATE_MIRROR,
  SET_FIELDS,
  REMOVE_MIRROR,
  ADD_EVENT,
  ADD_DOWNLOADS,
  RENEW_LOCK,
  RELEASE_LOCK,
];
