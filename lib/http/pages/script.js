"use strict";
(() => {
  const words = JSON.parse(document.querySelector('meta[name="words"]')?.content ?? "{}");
  // Sorting: each column head becomes a button. Groups stay, and are sorted each for itself.
  const valueOf = (row, head) => {
    const cell = row.cells[head.cellIndex];
    const value = cell.dataset.sort ?? cell.querySelector("data")?.value;
    const text = cell.textContent.trim();
    // What nobody knows comes last either way.
    if ("unknown" in cell.dataset) return null;
    if (value === undefined && head.matches(".number")) {
      // A whole number, with separators and perhaps a unit.
      const digits = text.replace(/\D/g, "");
      return digits === "" ? null : Number(digits);
    }
    const number = parseFloat(value ?? text);
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  const compare = (a, b) =>
    typeof a === typeof b
      ? (typeof a === "string" ? a.localeCompare(b) : a - b)
      : typeof a === "number"
      ? -1
      : 1;
  const rowsOf = (body) => [...body.rows].filter((row) => !row.matches(".group"));
  // Some browsers forget what cells are when they are laid out in another way.
  const ROLES = { TABLE: "table", TBODY: "rowgroup", THEAD: "rowgroup", TR: "row", TD: "cell" };
  for (const table of document.querySelectorAll("table.stack")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td, th")]) {
      const head = part.scope === "rowgroup" ? "rowheader" : "columnheader";
      part.setAttribute("role", ROLES[part.tagName] ?? head);
    }
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const bodies = [...table.tBodies];
    const folds = bodies.some((body) => body.querySelector(".group"));
    heads.forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        const sorted = (rows) =>
          rows.map((row) => ({ row, value: valueOf(row, head) }))
            .sort((a, b) =>
              a.value === null || b.value === null
                ? (a.value === null) - (b.value === null)
                : compare(a.value, b.value) * (ascending ? 1 : -1)
            )
            .map(({ row }) => row);
        if (folds) bodies.forEach((body) => body.append(...sorted(rowsOf(body))));
        else bodies[0].append(...sorted(bodies.flatMap(rowsOf)));
      });
    });
  }
  // Rows that come folded have no bars: a page of many mirrors would be heavy.
  for (const table of document.querySelectorAll("table.day")) {
    for (const { cellIndex } of table.querySelectorAll("th.number")) {
      const cells = [...table.querySelectorAll(`td:nth-child(${cellIndex + 1})`)];
      const drawn = table.querySelector(`td:nth-child(${cellIndex + 1}) .bar`);
      const numbers = cells.map((cell) => Number(cell.querySelector("data")?.value ?? 0));
      const largest = Math.max(1, ...numbers);
      cells.forEach((cell, index) => {
        if (!drawn || cell.querySelector(".bar")) return;
        const bar = drawn.cloneNode(true);
        bar.firstChild.setAttribute("width", numbers[index] / largest * 100 + "%");
        cell.append(bar);
      });
    }
  }
  // A box that filters: what fits is seen, wherever it is folded.
  for (const table of document.querySelectorAll("table[data-filter]")) {
    const label = document.createElement("label");
    label.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    input.autocomplete = "off";
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    label.append(table.dataset.filter, input);
    const filters = document.createElement("div");
    filters.className = "filters";
    filters.append(label, " ", status);
    table.before(filters);
    const texts = new Map();
    for (const row of [...table.tBodies].flatMap(rowsOf)) {
      const codes = [...row.querySelectorAll("td[data-code]")].map(({ dataset }) => dataset.code);
      texts.set(row, [row.textContent, ...codes].join(" ").toLowerCase());
    }
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      table.classList.toggle("filtering", wanted !== "");
      let count = 0;
      for (const [row, text] of texts) {
        const fits = text.includes(wanted);
        row.hidden = wanted !== "" && !fits;
        if (fits) count++;
      }
      for (const body of table.tBodies) {
        const head = body.querySelector(".group");
        if (head) head.hidden = wanted !== "" && rowsOf(body).every(({ hidden }) => hidden);
      }
      status.textContent = wanted === ""
        ? ""
        : count === 0
        ? words.none
        : count + " / " + texts.size;
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
    button.textContent = words.copy;
    button.setAttribute("aria-label", code.dataset.copy);
    button.addEventListener("click", async () => {
      const copied = await copy(code).catch(() => false);
      button.textContent = copied ? words.done : words.failed;
      setTimeout(() => button.textContent = words.copy, 2000);
    });
    code.after(button);
  }
  // Paper has no folds: what is folded is unfolded while it is printed.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
  // A size says its bytes to who points at it: a value with a unit behind it is one.
  document.addEventListener("mouseover", ({ target }) => {
    const data = target.closest?.("data");
    if (!data || data.title || !/\p{L}/u.test(data.textContent)) return;
    data.title = new Intl.NumberFormat(data.closest("[lang]")?.lang, {
      style: "unit",
      unit: "byte",
      unitDisplay: "long",
      numberingSystem: "latn",
    }).format(data.value);
  });
  // What a narrow screen cuts off is whole in its title.
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, ({ target }) => {
      const text = target.textContent.trim();
      if (!target.closest(".stack td") || target.scrollWidth <= target.clientWidth) return;
      if (!target.title.startsWith(text)) {
        target.title = target.title ? text + " (" + target.title + ")" : text;
      }
    });
  }
  // A row and its marker on the map light up together, and the marker says what it is.
  const keyOf = (element) =>
    element.closest("tr[id]")?.id ?? element.closest(".map a")?.getAttribute("href").slice(1);
  for (const [type, lit] of [["mouseover", true], ["mouseout", false]]) {
    document.addEventListener(type, ({ target }) => {
      const key = keyOf(target);
      if (!key) return;
      document.getElementById(key)?.classList.toggle("lit", lit);
      for (const link of document.querySelectorAll(`.map a[href="#${CSS.escape(key)}"]`)) {
        link.classList.toggle("lit", lit);
      }
    });
  }
  for (const map of document.querySelectorAll(".maps")) {
    const tip = document.createElement("p");
    tip.className = "tip";
    tip.hidden = true;
    // A link says it to those who do not see it.
    tip.setAttribute("aria-hidden", "true");
    map.append(tip);
    const show = ({ target }) => {
      const link = target.closest?.(".map a");
      tip.hidden = !link;
      if (!link) return;
      tip.textContent = link.getAttribute("aria-label");
      const place = link.getBoundingClientRect();
      const box = map.getBoundingClientRect();
      const half = tip.offsetWidth / 2;
      const middle = place.left + place.width / 2 - box.left;
      tip.style.left = Math.min(Math.max(middle, half), Math.max(half, box.width - half)) + "px";
      tip.style.top = place.top - box.top - tip.offsetHeight - 6 + "px";
    };
    for (const type of ["mouseover", "focusin", "focusout"]) map.addEventListener(type, show);
    map.addEventListener("mouseleave", () => tip.hidden = true);
    map.addEventListener("focusout", () => tip.hidden = true);
    map.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") tip.hidden = true;
    });
    for (const title of map.querySelectorAll(".map a title")) {
      title.parentNode.setAttribute("aria-label", title.textContent);
      title.remove();
    }
  }
  // Where the map does not fit, the client, or else the first mirror, comes into view.
  const centre = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      const marker = box.querySelector(".client") ?? box.querySelector(".pin");
      if (!marker || box.scrollWidth <= box.clientWidth) continue;
      const { left, width } = marker.getBoundingClientRect();
      box.scrollLeft += left + width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
    }
  };
  centre();
  for (const pick of document.querySelectorAll(".pick")) pick.addEventListener("change", centre);
})();
