"use strict";
(() => {
  // Sorting: each column head becomes a button.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    // What nobody knows comes last either way.
    if (cell.querySelector("[data-unknown]")) return null;
    const data = cell.querySelector("data, [data-sort]");
    const text = (data ? data.dataset.sort ?? data.value : cell.textContent).trim();
    const number = parseFloat(text.replace(/^</, "0."));
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  const compare = (a, b) =>
    typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1;
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...table.tBodies].flatMap((each) => [...each.rows])
          .map((row) => ({ row, value: valueOf(row, column) }))
          .sort((a, b) =>
            a.value === null || b.value === null
              ? (a.value === null) - (b.value === null)
              : compare(a.value, b.value) * (ascending ? 1 : -1)
          );
        body.append(...rows.map(({ row }) => row));
      });
    });
  }
  // Copying checksums and commands. Without HTTPS there is no clipboard to write into, but a selection.
  const copy = async (code) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    }
    const selection = getSelection();
    selection.selectAllChildren(code);
    const copied = document.execCommand("copy");
    if (copied) selection.removeAllRanges();
    return copied;
  };
  for (const code of document.querySelectorAll("code[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy " + code.dataset.copy);
    button.addEventListener("click", async () => {
      const copied = await copy(code).catch(() => false);
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      setTimeout(() => button.textContent = "Copy", 2000);
    });
    code.after(button);
  }
  // A row and its marker on the map light up together.
  const marked = (element) => {
    const key = element.closest("[data-mirror]")?.dataset.mirror;
    return key ? document.querySelectorAll(`[data-mirror="${CSS.escape(key)}"]`) : [];
  };
  for (const [type, lit] of [["mouseover", true], ["mouseout", false]]) {
    document.addEventListener(type, ({ target }) => {
      for (const each of marked(target)) each.classList.toggle("lit", lit);
    });
  }
  // Where the map does not fit, the client, or else the first mirror, comes into view.
  for (const box of document.querySelectorAll(".scroll")) {
    const marker = box.querySelector(".client") ?? [...box.querySelectorAll(".pin")].at(-1);
    if (!marker || box.scrollWidth <= box.clientWidth) continue;
    const { left, width } = marker.getBoundingClientRect();
    box.scrollLeft += left + width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
  }
})();
