import { type Codec, jsonCodec, limits, protocolVersion } from "@parlance/protocol";
import { msgpackCodec } from "@parlance/protocol/msgpack";
import type { AppRegistry } from "../../core/apps/app-registry.ts";
import type { Connection } from "../../gateway/connection.ts";
import type { SocketDialect } from "../../gateway/socket-dialect.ts";
import { farewell } from "./farewells.ts";
import type { NativeForm } from "./form.ts";
import { identify, readOffer, refuse } from "./handshake.ts";
import { Hearing } from "./hearing.ts";
import { eventFrame, isSeenOtherwise, liveFrame } from "./live-frames.ts";
import { mostContentBytes } from "./methods/send.ts";
import { decline, receive } from "./receive.ts";
import { nameOf } from "./refusal.ts";
import { toPresence } from "./wire-presence.ts";

export interface NativeSocketOptions {
  apps: AppRegistry;
  heartbeatSeconds: number;
  framesPerMinute: number;
  onError(error: unknown): void;
  onRefused(code: string): void;
}

/** Parlance's own protocol (packages/protocol) at `/connect`, in JSON and in MessagePack. */
export function createNativeSocket(options: NativeSocketOptions): SocketDialect {
  const forms = { json: createForm(jsonCodec, options), msgpack: createForm(msgpackCodec, options) };
  const hearing = new Hearing(options.onError);
  return {
    ...forms.json,
    async identify(request) {
      const offer = readOffer(request);
      const visitor = await identify(options.apps, offer);
      return { ...visitor, speaks: forms[offer.codec], subprotocol: offer.subprotocol };
    },
    hear: (app, event) => hearing.hear(app, event),
    missed: (app) => hearing.missed(app),
  };
}

function createForm(codec: Codec, options: NativeSocketOptions): NativeForm {
  return {
    name: `native ${codec.name}`,
    codec,
    matches: (path) => path === "/connect" || path === "/connect/",
    async identify(request) {
      return identify(options.apps, readOffer(request));
    },
    refuse(error, request) {
      const name = nameOf(error);
      options.onRefused(name);
      if (name === "internal") options.onError(error);
      return refuse(error, request);
    },
    greet: (connection) => connection.send(codec.encode(welcome(options, connection))),
    receive: (connection, frame) => receive(options, codec, connection, frame),
    decline: (connection, frame, retryAfterMs) => decline(options, codec, connection, frame, retryAfterMs),
    encode(_, event, userId) {
      const frame = liveFrame(event, userId);
      return frame === null ? [] : [codec.encode(frame)];
    },
    isSeenOtherwise,
    *encodePresence(_, states) {
      for (let from = 0; from < states.length; from += limits.watchedPerCall) {
        const users = states.slice(from, from + limits.watchedPerCall).map(toPresence);
        yield codec.encode(eventFrame("presence", { users }));
      }
    },
    farewell,
  };
}

function welcome({ heartbeatSeconds, framesPerMinute }: NativeSocketOptions, connection: Connection) {
  const { userId, userData } = connection.user;
  return eventFrame("welcome", {
    protocol: protocolVersion,
    user: { id: userId, ...(userData === null ? {} : { data: userData }) },
    deviceId: connection.deviceId,
    now: Date.now() * 1000,
    heartbeatSeconds,
    limits: {
      frameBytes: limits.frameBytes,
      contentBytes: mostContentBytes(connection),
      openRequests: limits.openRequests,
      framesPerMinute,
    },
  });
}
