/** Where the control API begins. */
export const API_ROOT = "/api/v1";
