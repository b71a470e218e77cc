import { openStore } from "../adapters/open-store.ts";
import { type Config, loadConfig } from "../config.ts";
import type { Store } from "../ports/store.ts";

/** Opens the store that the settings name, beside a running server or without one, and closes it after `work`. */
export const withStore = async <Result>(
  work: (store: Store, config: Config) => Promise<Result>,
): Promise<Result> => {
  const config = loadConfig();
  const store = await openStore(config);
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
};
