"use strict";
(() => {
  const form = document.querySelector("form.card");
  const table = document.querySelector(".files");
  const text = form.querySelector("button").textContent;
  const language = form.elements.lang === undefined ? "" : `&lang=${form.elements.lang.value}`;
  const head = document.createElement("th");
  head.scope = "col";
  head.className = "number";
  head.textContent = form.querySelector("label").firstChild.data.trim();
  table.tHead.rows[0].append(head);
  for (const row of table.tBodies[0].rows) {
    const file = row.querySelector("a");
    if (file.textContent.endsWith("/")) continue;
    const link = document.createElement("a");
    link.rel = "nofollow";
    link.href = `${file.getAttribute("href")}?mirrorlist${language}`;
    link.textContent = text;
    link.ariaLabel = `${text} ${file.textContent}`;
    row.insertCell().append(link);
  }
})();
