import type { Core } from "../../../../core/core.ts";
import { ParlanceError } from "../../../../errors.ts";
import type { Rate } from "../../endpoint.ts";
import { type Answer, hosting } from "../../hosting.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const hosted = hosting({});

/** `tooManyFriends` has two codes: of the user who asks, and of the other one. */
export const befriending = <Params extends object>(run: (core: Core, params: Params) => Answer) =>
  hosted(async (core: Core, params: Params) => {
    try {
      return await run(core, params);
    } catch (error) {
      const isFull = error instanceof ParlanceError && error.code === "tooManyFriends";
      if (!isFull || !("userId" in params)) throw error;
      throw new RongcloudRefusal(error.details.userId === params.userId ? 25467 : 25468, error.message);
    }
  });

type Listed = Record<string, unknown>;

/** Each of the users counts as one call. */
export const eachCounts = (users: (params: Listed) => unknown): Rate[] => [
  {
    limit: 100,
    per: "second",
    cost: (params: Listed) => (users(params) as unknown[] | undefined)?.length ?? 1,
  },
];
