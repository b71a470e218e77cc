import type { AppRegistry } from "../../../core/apps/app-registry.ts";
import type { Core } from "../../../core/core.ts";
import { beginningOf } from "../../../core/message-log/hours.ts";
import { isLogKept, readLogHour } from "../../../core/message-log/message-log.ts";
import type { Handler } from "../../../http/serve.ts";
import { logLine } from "./line.ts";
import { isValidLink, type LogLink, logPath, readLogLink } from "./link.ts";
import { zipLines } from "./zip.ts";

export interface DownloadOptions {
  apps: AppRegistry;
  /** Files that are sent at the same time by this node; who comes then is asked to come again. */
  most?: number;
  /** An hour could not be read to its end; its file ends early, and opens nowhere. */
  onFailure(error: unknown): void;
}

const notFound = () => Response.json({ detail: "There is nothing here, or not any more." }, { status: 404 });

async function* linesOf(core: Core, beginsAt: number): AsyncGenerator<string> {
  const { app, settings } = core;
  const told = { appKey: app.key, timeZone: settings.timeZone };
  for await (const logged of readLogHour(core, beginsAt)) yield logLine(logged, told);
}

/** Sends hours of the message log to those who have their addresses (`link.ts`), read from the store meanwhile. */
export function createLogDownload({ apps, most = 4, onFailure }: DownloadOptions): Handler {
  let underWay = 0;

  const stream = (core: Core, hour: string, beginsAt: number): ReadableStream<Uint8Array> => {
    const chunks = zipLines(`${hour}.log`, new Date(beginsAt), linesOf(core, beginsAt));
    let isOver = false;
    const end = () => {
      if (!isOver) underWay--;
      isOver = true;
    };
    underWay++;
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (value) controller.enqueue(value);
          if (!done) return;
          end();
          controller.close();
        } catch (error) {
          end();
          onFailure(error);
          controller.error(error);
        }
      },
      async cancel() {
        end();
        await chunks.return(undefined);
      },
    });
  };

  const find = async (link: LogLink) => {
    const core = apps.byKey(link.appKey);
    if (!core?.app.isActive || !isValidLink(core.app, link)) return null;
    const beginsAt = beginningOf(link.hour, core.settings.timeZone);
    return beginsAt !== null && (await isLogKept(core, beginsAt)) ? { core, beginsAt } : null;
  };

  return async (request) => {
    const url = new URL(request.url);
    if (!url.pathname.startsWith(logPath)) return null;
    if (request.method !== "GET") return new Response(null, { status: 405, headers: { allow: "GET" } });
    const link = readLogLink(url);
    const found = link && (await find(link));
    if (!found) return notFound();
    if (underWay >= most)
      return Response.json(
        { detail: "Other files are being fetched; try again." },
        { status: 503, headers: { "retry-after": "5" } },
      );
    return new Response(stream(found.core, link.hour, found.beginsAt), {
      headers: {
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${link.hour}.zip"`,
        "cache-control": "no-store",
      },
    });
  };
}
