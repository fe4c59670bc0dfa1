import { httpSide } from "./http_side.ts";

for (
  const [group, headers] of [["redirect", {}], ["JSON", { Accept: "application/json" }]] as const
) {
  for (const count of [8, 50]) {
    const { answer } = httpSide(count, headers);
    Deno.bench({
      name: `handler, ${group}, ${count} mirrors, cache hit`,
      group,
      fn: () => {
        answer();
      },
    });
  }
}
