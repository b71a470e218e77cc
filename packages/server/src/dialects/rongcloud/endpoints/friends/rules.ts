import type { Core } from "../../../../core/core.ts";
import { type ErrorName, ParlanceError } from "../../../../errors.ts";
import type { Rate } from "../../endpoint.ts";
import { type Answer, hosting } from "../../hosting.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const hosted = hosting({});

/** What has two codes: of the user who asks, and of the other one. */
const codes: Partial<Record<ErrorName, readonly [own: number, other: number]>> = {
  tooManyFriends: [25467, 25468],
  blockedByUser: [25464, 25462],
  notAllowedByUser: [25465, 25463],
};

export const befriending = <Params extends object>(run: (core: Core, params: Params) => Answer) =>
  hosted(async (core: Core, params: Params) => {
    try {
      return await run(core, params);
    } catch (error) {
      const two = error instanceof ParlanceError ? codes[error.code] : undefined;
      if (two === undefined || !("userId" in params)) throw error;
      const { details, message } = error as ParlanceError;
      throw new RongcloudRefusal(two[details.userId === params.userId ? 0 : 1], message);
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
