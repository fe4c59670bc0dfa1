import { type Browser, chromium, type Page } from "playwright-core";

/** Headless, and asking nobody but the page's own server. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that is on the PATH. */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    const executablePath = `${directory}/chromium`;
    const found = await Deno.stat(executablePath).then(() => true, () => false);
    if (found) return await chromium.launch({ executablePath, args: ARGUMENTS });
  }
  throw new Error("Cannot find chromium on the PATH: install it (apt-get install chromium)");
}

/** What a page did that it must not do. */
export interface Misdeeds {
  /** Requests to other hosts. */
  readonly foreign: string[];
  /** What it complained about on the console, and errors of its script. */
  readonly complaints: string[];
}

/** Watches a page from now on. */
export function watch(page: Page, origin: string): Misdeeds {
  const misdeeds: Misdeeds = { foreign: [], complaints: [] };
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) misdeeds.foreign.push(url);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) misdeeds.complaints.push(message.text());
  });
  page.on("pageerror", (error) => misdeeds.complaints.push(String(error)));
  return misdeeds;
}

/**
 * Finds texts that lie over each other, in the page as it is laid out.
 *
 * @returns each pair once
 */
export async function overlappingTexts(page: Page): Promise<string[]> {
  // In the browser: rectangles of the lines of each text, compared with their neighbours.
  return await page.evaluate(String.raw`(() => {
    const boxes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, title, desc")) continue;
      const style = getComputedStyle(parent);
      if (style.visibility !== "visible" || parent.closest(".skip, thead") || !parent.checkVisibility()) continue;
      if (getComputedStyle(parent).clipPath !== "none") continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      // What is cut off is not seen.
      let box = parent;
      while (box !== document.body && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
      const cut = box.closest(".stack td") ? box.getBoundingClientRect() : null;
      for (const rect of range.getClientRects()) {
        const left = cut ? Math.max(rect.left, cut.left) : rect.left;
        const right = cut ? Math.min(rect.right, cut.right) : rect.right;
        const { top, bottom } = rect;
        if (cut && (top >= cut.bottom || bottom <= cut.top)) continue;
        if (right - left > 1) boxes.push({ node, text: node.data.trim(), left, right, top: top + 3, bottom: bottom - 3 });
      }
    }
    boxes.sort((a, b) => a.top - b.top);
    const found = [];
    boxes.forEach((a, index) => {
      for (let next = index + 1; next < boxes.length && boxes[next].top < a.bottom; next++) {
        const b = boxes[next];
        // A text that is cut off has a box for what is seen, and one for all of it.
        if (a.node === b.node) continue;
        if (b.left < a.right - 1 && a.left < b.right - 1) found.push(a.text + " | " + b.text);
      }
    });
    return found;
  })()`);
}

/** The largest number of pixels by which the page, or one of its cards, on either side is wider than its place. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(String.raw`(() => {
    const root = document.documentElement;
    const outside = [...document.querySelectorAll("body *")]
      .filter((element) => !element.closest(".scroll, .skip, svg, .stack thead, caption"))
      // What is cut off is not seen.
      .map((element) => element.closest(".stack td") ?? element)
      .map((element) => element.getBoundingClientRect())
      .map(({ left, right }) => Math.max(right - root.clientWidth, -left));
    return Math.max(root.scrollWidth - root.clientWidth, ...outside);
  })()`);
}
