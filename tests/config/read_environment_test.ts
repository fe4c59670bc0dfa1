import { assertEquals, assertThrows } from "@std/assert";
import { readEnvironment } from "../../lib/config/read_environment.ts";

const VARIABLES: Record<string, string> = {
  MIRRORBITS_REPOSITORY: "/srv",
  HOME: "/home/m",
  STATE_DIRECTORY: "/var/lib/m",
  SECRET: "x",
};

const notCapable = (): never => {
  throw new Deno.errors.NotCapable("Requires env access");
};

Deno.test("readEnvironment() reads everything where it may", () => {
  const environment = { get: notCapable, toObject: () => VARIABLES };
  assertEquals(readEnvironment(environment), VARIABLES);
});

Deno.test("readEnvironment() asks for what the configuration goes by where it may not", () => {
  const asked: string[] = [];
  const get = (name: string): string | undefined => {
    asked.push(name);
    return name === "STATE_DIRECTORY" ? notCapable() : VARIABLES[name];
  };
  assertEquals(readEnvironment({ get, toObject: notCapable }), {
    MIRRORBITS_REPOSITORY: "/srv",
    HOME: "/home/m",
  });
  assertEquals(asked.includes("MIRRORBITS_LISTEN_ADDRESS"), true);
  assertEquals(asked.includes("SECRET"), false);
});

Deno.test("readEnvironment() passes on what is no question of permission", () => {
  const broken = (): never => {
    throw new TypeError("broken");
  };
  assertThrows(() => readEnvironment({ get: broken, toObject: broken }), TypeError);
});
