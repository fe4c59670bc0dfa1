import type { Answer } from "../render/answer.ts";
import { lines, markup } from "../render/html.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";

/** What each tool is told, by the URL of the directory. */
const TOOLS: readonly (readonly [name: string, where: string, text: (base: string) => string])[] = [
  [
    "apt",
    "/etc/apt/sources.list, one of these",
    (base) =>
      `deb [signed-by=KEYRING] ${base} SUITE COMPONENT\n` +
      `deb [signed-by=KEYRING] mirror+${base}?mirrors&format=apt SUITE COMPONENT`,
  ],
  [
    "dnf, yum",
    "/etc/yum.repos.d/NAME.repo, one of the last three lines",
    (base) =>
      `[NAME]\nname=NAME\nenabled=1\ngpgcheck=1\ngpgkey=KEY\n` +
      `metalink=${base}repodata/repomd.xml?metalink\n` +
      `mirrorlist=${base}?mirrors&format=dnf\nbaseurl=${base}`,
  ],
  [
    "zypper",
    "as root",
    (base) => `zypper addrepo --refresh ${base} NAME`,
  ],
  [
    "pacman",
    "as root; then Include = /etc/pacman.d/mirrorlist in /etc/pacman.conf",
    (base) => `curl -fsS '${base}?mirrors&format=pacman' > /etc/pacman.d/mirrorlist`,
  ],
  ["apk", "/etc/apk/repositories", (base) => `${base}VERSION/main`],
  ["wget, curl", "", (base) => `wget -c ${base}FILE\ncurl -fL -C - -O ${base}FILE`],
  ["aria2", "", (base) => `aria2c --follow-metalink=mem ${base}FILE.meta4`],
  ["all mirrors", "one URL a line", (base) => `curl -fsS '${base}?mirrors&format=text'`],
];

/**
 * Renders how to point package managers and download tools at a directory here.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param base URL of the directory, with a slash at its end
 */
export function renderSetup(program: string, frame: Frame, base: string): Answer {
  const rows = TOOLS.map(([name, where, text]) =>
    markup`<section class="card" aria-label="${name}">
<h2>${name}</h2>
${where === "" ? "" : markup`<p class="muted">${where}</p>`}
<pre><code data-copy="the lines for ${name}">${text(base)}</code></pre>
</section>`
  );
  return renderPage(program, frame, {
    title: "Set up",
    content: lines([
      markup`<h1><small>How to use</small>${base}</h1>`,
      markup`<p>Requests there are sent to a mirror nearby. What is in capitals is yours to fill in.</p>`,
      ...rows,
    ]),
  });
}
