/** Permissions of a log that is made, unless LogMode says otherwise: it tells who asked for what. */
export const DEFAULT_LOG_MODE = 0o640;
