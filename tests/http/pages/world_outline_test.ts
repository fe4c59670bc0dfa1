import { assertEquals } from "@std/assert";
import { WORLD_OUTLINE } from "../../../lib/http/pages/world_outline.ts";
import { drawOutline } from "../../tools/world_outline.ts";

Deno.test("the outline in the source is what the public-domain atlas gives", async () => {
  assertEquals(WORLD_OUTLINE, await drawOutline());
});
