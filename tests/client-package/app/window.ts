/** A WebSocket of one's own is given as it is, without a cast. */

import { type Client, connect } from "@parlance/client";

export const withOwnSocket = (url: string, token: string): Promise<Client> =>
  connect({ url, userId: "ann", token, WebSocket: globalThis.WebSocket });
