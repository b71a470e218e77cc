import Type, { type Static } from "typebox";
import { type PushJob, pushToAudience } from "../../../../core/push/push-jobs.ts";
import { toCore } from "../../content/to-core.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { ids, jsonText, optional } from "../../params.ts";
import { audience, finerAudience, type GivenAudience, readAudience } from "../../push-audience.ts";
import { android, harmonyOS, ios, readNotification, readPlatforms } from "../../push-words.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const platform = ids({ max: 3, description: "`ios`, `android`, `harmonyOS`." });

const notification = Type.Object({
  alert: Type.String({ minLength: 1, description: "The text, where a platform has no other." }),
  title: optional(Type.String({ maxLength: 50 })),
  forceShowPushContent: optional(Type.Integer({ minimum: 0, maximum: 1 })),
  ...{ ios, android, harmonyOS },
});
const message = Type.Object({
  objectName: Type.String({ minLength: 1, maxLength: 32 }),
  content: Type.String({ minLength: 1, description: "As in a message." }),
  disableUpdateLastMsg: optional(Type.Boolean()),
});

const whom = [
  "The audience is everybody, or those for whom all that is given is so: `tag` (each of them), `tag_or` (one of them), `packageName`.",
  "Users who are online are notified, too. What they set about being disturbed does not bind what the app itself says; who hides details is told without.",
  "It is written down first and sent in pages, so that nothing is forgotten if a node dies. Who could not be notified within an hour isn't any more.",
];
const limits = [
  { limit: 2, per: "hour", sharedAs: "push an hour" },
  { limit: 3, per: "day", sharedAs: "push a day" },
] as const;

function jobOf(given: {
  platform: string[];
  audience: GivenAudience;
  notification: Static<typeof notification>;
}): PushJob {
  const meant = readAudience(given.audience);
  const { alert, title, forceShowPushContent } = given.notification;
  return {
    ...meant,
    ...(!meant.audience.userIds && { platforms: readPlatforms(given.platform) }),
    text: alert,
    ...(title && { title }),
    ...(forceShowPushContent === 1 && { forcesDetails: true }),
    ...readNotification(given.notification),
  };
}

const example = {
  platform: ["ios", "android"],
  audience: { tag: ["bj", "male"], is_to_all: false },
  notification: { title: "News", alert: "Sale" },
};
const id = "C3PM-7BKO-8QIO-D5U5";

export const pushEndpointRows: readonly RongcloudRow[] = [
  row({
    path: "/push.json",
    summary: "Notify an audience, and send it a message if there is one.",
    notes: [
      ...whom,
      "`userid` wins over tags and `platform`. With `message`, each of the audience gets it as a system message from `fromuserid`, whether they can be notified or not; its notification then follows what each of them set.",
    ],
    params: {
      platform,
      fromuserid: optional(Type.String({ maxLength: 64, description: "Needed with `message`." })),
      audience: jsonText(audience),
      message: optional(jsonText(message)),
      notification: jsonText(notification),
    },
    result: { id: Type.String() },
    rates: limits,
    example: { params: example, result: { id } },
    run: async (core, given) => {
      const job = jobOf(given);
      if (given.message) {
        if (!given.fromuserid) throw new RongcloudRefusal(1002, "The parameter fromuserid is required.");
        const { type, content } = toCore(given.message.objectName, given.message.content);
        const isNeverLast = given.message.disableUpdateLastMsg ?? false;
        job.message = {
          senderId: given.fromuserid,
          type,
          content,
          ...(isNeverLast && { isNeverLast: true }),
        };
      }
      return { id: await pushToAudience(core, job) };
    },
  }),
  row({
    path: "/push/custom.json",
    summary: "Notify an audience that is described by conditions on tags.",
    notes: [
      ...whom,
      "`tagItems` are put together from the first to the last by their `itemsOperator`; within one its `tagsOperator` holds. Both are AND if absent.",
    ],
    params: { platform, audience: jsonText(finerAudience), notification: jsonText(notification) },
    result: { id: Type.String() },
    rates: [
      { limit: 20, per: "hour" },
      { limit: 100, per: "day" },
    ],
    example: { params: example, result: { id } },
    run: async (core, given) => ({ id: await pushToAudience(core, jobOf(given)) }),
  }),
  row({
    path: "/push/user.json",
    summary: "Notify users by their ids.",
    notes: whom.slice(1),
    params: {
      userIds: ids({ max: 100 }),
      notification: jsonText(
        Type.Object({
          pushContent: Type.String({ minLength: 1 }),
          title: optional(Type.String({ maxLength: 50 })),
          ...{ ios, android, harmonyOS },
        }),
      ),
    },
    result: { id: Type.String() },
    rates: [{ limit: 100, per: "second", cost: (given) => given.userIds.length }],
    example: {
      params: { userIds: ["u1", "u2"], notification: { title: "News", pushContent: "Sale" } },
      result: { id },
    },
    run: async (core, given) => {
      const { pushContent, title } = given.notification;
      return {
        id: await pushToAudience(core, {
          audience: { userIds: given.userIds },
          ...{ text: pushContent, ...(title && { title }) },
          ...readNotification(given.notification),
        }),
      };
    },
  }),
];
