/** Hours that are kept of what is counted by the hour, the present one included. */
export const HOURS_KEPT = 48;

/** Days that are kept of what is counted by name, today included. */
export const DAYS_KEPT = 400;
