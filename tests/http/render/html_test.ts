import { assertEquals } from "@std/assert";
import { lines, markup, NO_HTML, trusted } from "../../../lib/http/render/html.ts";

Deno.test("markup escapes text in elements and attributes, and nothing twice", () => {
  const text = `<b title="a">'&'</b>`;
  const inner = markup`<i title="${text}">${text}</i>`;
  const escaped = "&lt;b title=&quot;a&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;";
  assertEquals(`${inner}`, `<i title="${escaped}">${escaped}</i>`);
  assertEquals(`${markup`<p>${inner}${7}</p>`}`, `<p>${inner}7</p>`);
  assertEquals(`${markup`${[inner, inner]}${NO_HTML}${trusted("<hr>")}`}`, `${inner}${inner}<hr>`);
});

Deno.test("lines() leaves out what is empty", () => {
  assertEquals(`${lines([markup`<p>`, NO_HTML, markup`${""}`, markup`</p>`])}`, "<p>\n</p>");
  assertEquals(lines([NO_HTML]).length, 0);
});
