import { MOST_VERIFIED, type VerificationStore } from "../verification_store.ts";
import type { RedisConnection } from "./connection.ts";
import { verifiedKey } from "./keys.ts";
import { numberReply } from "./reply.ts";
import type { Script } from "./script.ts";

/** Seconds after which nothing is left of what nobody asks for any more. */
const KEPT = 30 * 86_400;

/** Arguments: mirror ID, version. Answers 1 where it was not there. */
const CLAIM: Script = {
  name: "claimVerification",
  lua: `
if redis.call('HEXISTS', 'MIRRORS', ARGV[1]) == 0 then return 0 end
local key = 'MIRRORBITS_VERIFIED_' .. ARGV[1]
if redis.call('SISMEMBER', key, ARGV[2]) == 1 then return 0 end
if redis.call('SCARD', key) >= ${MOST_VERIFIED} then redis.call('DEL', key) end
redis.call('SADD', key, ARGV[2])
redis.call('EXPIRE', key, ${KEPT})
return 1`,
};

/** Which copies were asked for: a set for each mirror, which the original takes no notice of. */
export class VerificationBox implements VerificationStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async claim(mirrorId: number, version: string): Promise<boolean> {
    return numberReply(await this.#connection.script(CLAIM, mirrorId, version)) === 1;
  }

  async release(mirrorId: number, version: string): Promise<void> {
    await this.#connection.run((redis) => redis.srem(verifiedKey(mirrorId), version));
  }
}
