import type { Codec } from "@parlance/protocol";
import type { SocketDialect } from "../../gateway/socket-dialect.ts";

/** The protocol in one codec: what a connection speaks. */
export interface NativeForm extends SocketDialect {
  readonly codec: Codec;
}

export const isNative = (dialect: SocketDialect): dialect is NativeForm => "codec" in dialect;
