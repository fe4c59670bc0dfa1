import type { Answer } from "../render/answer.ts";
import { lines, markup } from "../render/html.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import type { MessageKey } from "./words/en.ts";

/** A tool, and what it is told. */
interface Tool {
  /** Its name, the same in every language; absent: {@linkcode Tool.title} is. */
  readonly name?: string;
  readonly title?: MessageKey;
  /** Says where the lines go; absent: that is clear. */
  readonly where?: MessageKey;
  /** By the URL of the directory. */
  readonly lines: (base: string) => string;
}

const TOOLS: readonly Tool[] = [
  {
    name: "apt",
    where: "setup.apt",
    lines: (base) =>
      `deb [signed-by=KEYRING] ${base} SUITE COMPONENT\n` +
      `deb [signed-by=KEYRING] mirror+${base}?mirrors&format=apt SUITE COMPONENT`,
  },
  {
    name: "dnf, yum",
    where: "setup.dnf",
    lines: (base) =>
      `[NAME]\nname=NAME\nenabled=1\ngpgcheck=1\ngpgkey=KEY\n` +
      `metalink=${base}repodata/repomd.xml?metalink\n` +
      `mirrorlist=${base}?mirrors&format=dnf\nbaseurl=${base}`,
  },
  {
    name: "zypper",
    where: "setup.zypper",
    lines: (base) => `zypper addrepo --refresh ${base} NAME`,
  },
  {
    name: "pacman",
    where: "setup.pacman",
    lines: (base) => `curl -fsS '${base}?mirrors&format=pacman' > /etc/pacman.d/mirrorlist`,
  },
  { name: "apk", where: "setup.apk", lines: (base) => `${base}VERSION/main` },
  {
    name: "wget, curl",
    lines: (base) => `wget -c ${base}FILE\ncurl -fL -C - -O ${base}FILE`,
  },
  { name: "aria2", lines: (base) => `aria2c --follow-metalink=mem ${base}FILE.meta4` },
  {
    title: "setup.all",
    where: "setup.all.where",
    lines: (base) => `curl -fsS '${base}?mirrors&format=text'`,
  },
];

/**
 * Renders how to point package managers and download tools at a directory here.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param base URL of the directory, with a slash at its end
 */
export function renderSetup(program: string, frame: Frame, base: string): Answer {
  const { words } = frame;
  const cards = TOOLS.map(({ name = "", title, where, lines }) => {
    const head = title === undefined ? name : words.text(title);
    const copy = words.text("copy.this", { name: words.text("setup.lines", { tool: head }) });
    return markup`<section class="card" aria-label="${head}">
<h2>${head}</h2>
${where === undefined ? "" : markup`<p class="muted">${words.text(where)}</p>`}
<pre dir="ltr"><code data-copy="${copy}">${lines(base)}</code></pre>
</section>`;
  });
  return renderPage(program, frame, {
    title: words.text("setup.title"),
    content: lines([
      markup`<h1><small>${words.text("setup.head")}</small><bdi>${base}</bdi></h1>`,
      markup`<p>${words.text("setup.intro")}</p>`,
      ...cards,
    ]),
  });
}
