/** Three mirrors that one request may go to. */
const EMBEDDED_LOGO =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2563c9"/>` +
  `<path d="M8 16h6m0 0c4 0 3-7 9-7m-9 7h9m-9 0c4 0 3 7 9 7" fill="none" stroke="#fff" stroke-width="2"/>` +
  `<g fill="#fff"><circle cx="8" cy="16" r="3"/><circle cx="24" cy="9" r="2.5"/><circle cx="24" cy="16" r="2.5"/>` +
  `<circle cx="24" cy="23" r="2.5"/></g></svg>`;

/** The embedded logo, as a `data:` URL: it is part of the page and needs no further request. */
export const EMBEDDED_LOGO_URL = `data:image/svg+xml,${
  EMBEDDED_LOGO.replace(/[<>#"]/g, encodeURIComponent)
}`;
