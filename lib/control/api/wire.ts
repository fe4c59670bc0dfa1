/** Where the control API begins. */
export const API_ROOT = "/api/v1";

/** Header: the time at which things were as an answer tells, where nobody can look now. */
export const AS_OF = "Mirrorbits-As-Of";
