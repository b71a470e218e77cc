import { openStore } from "../adapters/open-store.ts";
import type { AppChange } from "../ports/store.ts";
import type { TestServer } from "./test-server.ts";

/** As an operator's command line does it, from beside; the nodes notice within half a second. */
export async function changeApp(nodes: readonly TestServer[], key: string, change: AppChange): Promise<void> {
  const [node] = nodes;
  if (node === undefined) throw new Error("there is no node");
  const store = await openStore(node.config);
  try {
    await store.apps.update(key, change);
  } finally {
    await store.close();
  }
}
