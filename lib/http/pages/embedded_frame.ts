/** Placeholders of `page.html`. */
export const PAGE_PLACEHOLDERS = [
  "head",
  "header",
  "content",
  "footer",
  "script",
  "title",
  "language",
  "skip",
] as const;

/** Those without which `page.html` shows nothing. */
export const PAGE_REQUIRED = ["head", "content"] as const;

/** Placeholders of `header.html` and `footer.html`. */
export const PART_PLACEHOLDERS = [
  "logo",
  "title",
  "program",
  "navigation",
  "notes",
  "languages",
] as const;

/** The frame of every page. */
export const EMBEDDED_PAGE = `<!DOCTYPE html>
<html {{language}}>
<head>
{{head}}
</head>
<body>
<a class="skip" href="#content">{{skip}}</a>
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
{{navigation}}`;

/** What stands below the content. */
export const EMBEDDED_FOOTER = `<p>{{program}}. {{notes}}</p>
{{languages}}`;
