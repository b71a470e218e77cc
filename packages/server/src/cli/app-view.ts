/** An app as people and programs see it. Secrets only where they were asked for. */

import type { App } from "../ports/store.ts";
import { columns, print } from "./print.ts";

interface ViewOptions {
  withSecret: boolean;
}

export const describeApp = (app: App, { withSecret }: ViewOptions) => ({
  key: app.key,
  name: app.name,
  ...(withSecret ? { secret: app.secret } : {}),
  isActive: app.isActive,
  maxOnlineUsers: app.maxOnlineUsers,
  retentionDays: app.retentionDays,
  settings: app.settings,
  createdAt: new Date(app.createdAt).toISOString(),
});

const onlineText = ({ maxOnlineUsers }: App): string =>
  maxOnlineUsers === null ? "no limit" : `at most ${maxOnlineUsers}`;

const retentionText = ({ retentionDays }: App): string =>
  retentionDays === null ? "forever" : retentionDays === 1 ? "for a day" : `for ${retentionDays} days`;

export const printApp = (app: App, { withSecret }: ViewOptions): void =>
  print(
    columns([
      ["  key", app.key],
      ...(withSecret ? [["  secret", app.secret]] : []),
      ["  active", app.isActive ? "yes" : "no"],
      ["  users online", onlineText(app)],
      ["  messages kept", retentionText(app)],
      ...Object.entries(app.settings).map(([name, value]) => [`  ${name}`, String(value)]),
    ]),
  );

export const printApps = (apps: readonly App[], { withSecret }: ViewOptions): void =>
  print(
    columns([
      ["KEY", "ACTIVE", "ONLINE", "CREATED", ...(withSecret ? ["SECRET"] : []), "NAME"],
      ...apps.map((app) => [
        app.key,
        app.isActive ? "yes" : "no",
        onlineText(app),
        new Date(app.createdAt).toISOString().slice(0, 10),
        ...(withSecret ? [app.secret] : []),
        app.name,
      ]),
    ]),
  );
