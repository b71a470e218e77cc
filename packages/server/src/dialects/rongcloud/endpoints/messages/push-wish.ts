/** What a send says about notifications. */

import Type, { type Static } from "typebox";
import type { PushWish } from "../../../../core/push/push-wish.ts";
import { flag, jsonText, optional, text, wholeNumber } from "../../params.ts";

const byName = Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()));

const pushExt = jsonText(
  Type.Object(
    {
      title: Type.Optional(Type.String()),
      templateId: Type.Optional(Type.Union([Type.String(), Type.Number()])),
      forceShowPushContent: Type.Optional(Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
      pushConfigs: Type.Optional(Type.Array(byName, { maxItems: 20 })),
    },
    { description: "Title, template, whether details are forced, and what single providers understand." },
  ),
);

export type PushExt = Static<typeof pushExt>;

export const pushParams = {
  pushContent: optional(
    text({ maxBytes: 8192, description: "Text of the notification instead of the type's own." }),
  ),
  pushData: optional(text({ maxBytes: 8192, description: "For the app that is woken." })),
  pushExt: optional(pushExt),
  contentAvailable: optional(flag({ description: "The app is woken in the background." })),
  disablePush: optional(flag({ description: "Nobody is notified." })),
};

export const countParam = {
  count: optional(
    wholeNumber({ minimum: -1, maximum: 9999, description: "Number on the app's icon; -1 leaves it." }),
  ),
};

export interface PushParams {
  pushContent?: string;
  pushData?: string;
  pushExt?: PushExt;
  contentAvailable?: boolean;
  disablePush?: boolean;
  count?: number;
}

const isYes = (value: unknown): boolean => value === true || Number(value) === 1 || value === "true";

/** Undefined: the usual. */
export function readPushWish(params: PushParams): PushWish | undefined {
  const { pushContent, pushData, pushExt = {}, contentAvailable, disablePush, count } = params;
  const wish: PushWish = {};
  if (disablePush) wish.isDisabled = true;
  if (pushContent) wish.text = pushContent;
  if (pushData) wish.data = pushData;
  if (contentAvailable) wish.isContentAvailable = true;
  if (count !== undefined) wish.badge = count;
  if (pushExt.title) wish.title = pushExt.title;
  if (pushExt.templateId) wish.templateId = String(pushExt.templateId);
  if (isYes(pushExt.forceShowPushContent)) wish.forcesDetails = true;
  const providers = Object.assign({}, ...(pushExt.pushConfigs ?? [])) as NonNullable<PushWish["providers"]>;
  if (Object.keys(providers).length > 0) wish.providers = providers;
  return Object.keys(wish).length === 0 ? undefined : wish;
}
