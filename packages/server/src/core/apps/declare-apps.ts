import { ParlanceError } from "../../errors.ts";
import type { AppDirectory } from "../../ports/store.ts";

export interface DeclaredApp {
  name: string;
  key: string;
  secret: string;
}

/** Makes the store hold these apps with these names and secrets; other apps and other settings stay as they are. */
export async function declareApps(directory: AppDirectory, declared: readonly DeclaredApp[]): Promise<void> {
  if (declared.length === 0) return;
  const known = new Map((await directory.list()).map((app) => [app.key, app]));
  for (const { name, key, secret } of declared) {
    const app = known.get(key);
    try {
      if (!app) await createUnlessThere(directory, { key, name, secret });
      else if (app.name !== name || app.secret !== secret) await directory.update(key, { name, secret });
    } catch (error) {
      if (!(error instanceof ParlanceError)) throw error;
      throw new Error(`the app ${key} can't be declared. ${Object.values(error.details).join(" ")}`);
    }
  }
}

/** Nodes that start together declare the same apps: whoever comes second finds what it wanted. */
async function createUnlessThere(directory: AppDirectory, app: DeclaredApp): Promise<void> {
  try {
    await directory.create(app);
  } catch (error) {
    const isSame = ({ key, name, secret }: DeclaredApp) =>
      key === app.key && name === app.name && secret === app.secret;
    if (!(await directory.list()).some(isSame)) throw error;
  }
}
