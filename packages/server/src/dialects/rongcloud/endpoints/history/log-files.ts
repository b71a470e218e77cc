import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import { beginningOf } from "../../../../core/message-log/hours.ts";
import { hasLog, removeLog } from "../../../../core/message-log/message-log.ts";
import { row } from "../../endpoint.ts";
import { logLink } from "../../message-log/link.ts";
import { text } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const params = {
  date: text({ maxLength: 10, description: "The hour, YYYYMMDDHH, by the app's timeZone." }),
};

/** Throws 1002 for what is no hour, 1009 where the app keeps no log. */
function requireHour({ settings }: Core, date: string): number {
  if (!settings.messageLog) throw new RongcloudRefusal(1009);
  const beginsAt = beginningOf(date, settings.timeZone);
  if (beginsAt === null) throw new RongcloudRefusal(1002, "The parameter date is wrong. Write YYYYMMDDHH.");
  return beginsAt;
}

export const logFileRows = [
  row({
    path: "/message/history.json",
    summary: "Get the address of the file with all messages of an hour.",
    notes: [
      "The file can be fetched from this server, without a signature of its own, for an hour from now; a new app secret " +
        "ends that. An hour is there from its end on, for three days. `url` is empty when nothing was said in it, while it " +
        "is not over, and once it was deleted or is too old.",
      "It is a zip archive of one text file with a JSON object on each line, one for each message, by time: `appId`, " +
        "`fromUserId`, `targetId` (empty: everybody), `targetType` (1, 3, 4, 6), `channelType`, `GroupId`, `classname` " +
        "(the objectName), `content`, `dateTime`, `timestamp` (milliseconds), `msgUID`, and `groupUserIds` of a message " +
        "for some. It holds messages that the server stored, whoever sent them, as they are when the file is fetched: " +
        "of a recalled one an RC:RcNtf is left, of one that was deleted, or whose conversation was, nothing.",
      "The file is made while it is fetched, on whichever node is asked. The app setting `messageLog` switches it off.",
    ],
    params,
    result: { url: Type.String(), date: Type.String() },
    example: { params: { date: "2015010101" }, result: { url: "", date: "2015010101" } },
    async run(core, { date }, { origin }) {
      const isThere = await hasLog(core, requireHour(core, date));
      return { url: isThere ? logLink(origin, core.app, date) : "", date };
    },
  }),
  row({
    path: "/message/history/delete.json",
    summary: "Delete the file with all messages of an hour.",
    notes: [
      "Nobody can fetch it any more, from any address. The messages themselves stay where users see them. Without such a " +
        "file the call is refused with 1002.",
    ],
    params,
    example: { params: { date: "2015010101" } },
    async run(core, { date }) {
      if (!(await removeLog(core, requireHour(core, date))))
        throw new RongcloudRefusal(1002, "ParamError:data is not exist.");
    },
  }),
];
