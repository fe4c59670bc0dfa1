/** Placeholders of `page.html`. */
export const PAGE_PLACEHOLDERS = [
  "head",
  "header",
  "content",
  "footer",
  "script",
  "title",
] as const;

/** Those without which `page.html` shows nothing. */
export const PAGE_REQUIRED = ["head", "content"] as const;

/** Placeholders of `header.html` and `footer.html`. */
export const PART_PLACEHOLDERS = ["logo", "title", "program"] as const;

/** The frame of every page. */
export const EMBEDDED_PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
{{head}}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
{{header}}
</header>
<main id="content" tabindex="-1">
{{content}}
</main>
<footer>
{{footer}}
</footer>
{{script}}
</body>
</html>
`;

/** What stands above the content. */
export const EMBEDDED_HEADER = `<p class="brand">{{logo}} Mirrorbits</p>
<nav aria-label="Pages"><a href="/?mirrorstats">Mirror statistics</a></nav>`;

/** What stands below the content. */
export const EMBEDDED_FOOTER =
  `<p>{{program}}. All times are UTC. Map: Natural Earth, in the public domain.</p>`;
