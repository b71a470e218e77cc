import { limits } from "../limits.ts";
import { protocolVersion, subprotocols, tokenSubprotocol } from "../version.ts";

/** What no table says. */
export const intro = `<!-- Written by \`npm run reference\` from packages/protocol; edit there. -->

# Parlance's own protocol, version ${protocolVersion}

What apps speak to a Parlance server at \`/connect\`. \`@parlance/client\` speaks it for you; this page is for those who write
a client in another language. The files in \`packages/protocol/vectors/\` test one.

## Connecting

Open a WebSocket to \`/connect\`. Offer the subprotocol \`${subprotocols.json}\` (text frames) or \`${subprotocols.msgpack}\`
(binary frames, MessagePack); who offers none speaks JSON. The token is a session's, as the app's back end got it. It
travels as \`Authorization: Bearer TOKEN\`, as \`?token=TOKEN\`, or, where headers can't be set, as one more offered
subprotocol: \`${tokenSubprotocol}\` and the token's UTF-8 in base64url without padding. A refusal comes before the
upgrade, as an HTTP status with \`{"error":{"code","name","message","isRetryable"}}\`. Browsers hide that answer: to a token that
came as a subprotocol, the refusal is an upgrade and a close with the code that says the same.

\`?platform=NAME\` tells those who watch the user what kind of device this is: \`web\`, \`ios\`, \`android\`, \`desktop\`, or a
name of the app's own, a lower-case letter and at most ${limits.platformCharacters - 1} more, digits or hyphens. Anything else counts as not told.

A session's token belongs to one device. A token of a user (RongCloud's \`getToken\`) belongs to none: \`?device=NAME\`, up to 64
characters, says which device this is, and a newer connection of the same device replaces the older. Without it each connection is a
device of its own. What stands behind an \`@\` in a token is for clients that look there where to connect, and may be left out.

The first frame is the event \`welcome\`. The server sends WebSocket pings every \`heartbeatSeconds\`; a client that can't
see them sends \`ping\` requests. When a connection ends, the close code's range says what to do; the reason may be JSON:
\`{"name":"goingAway","retryAfterMs":1500}\`.

An installation may have compression on (\`PARLANCE_COMPRESSION\`). Then who offers permessage-deflate gets it, without
context takeover on either side; \`frameBytes\` counts what was inflated.

## Frames

Every frame is one object. Fields, events and error names that a client doesn't know are ignored; so are fields that the
server doesn't know.

| | |
| --- | --- |
| request | \`{"id":7,"method":"message.send","params":{…}}\`; ids are 1 to 2^31, unique among requests that wait |
| reply | \`{"id":7,"result":{…}}\` or \`{"id":7,"error":{"code":3001,"name":"notMember","message":"…","isRetryable":false}}\` |
| event | \`{"event":"message","data":{…}}\` |

Requests run side by side; replies come in any order. Those of one conversation that change something take effect in the
order in which they were sent. A frame with an id is always answered; one without, or one that can't be read, closes the
connection with \`malformedFrame\`. Above \`framesPerMinute\` of \`welcome\` a request is refused with \`rateLimited\` and not carried
out; \`retryAfterMs\` says when the next minute begins. Who sends as many again, and at least 200, is disconnected with
\`tooManyFrames\`. Whole numbers stay below 2^53. Times are whole microseconds since 1970.

## Missing nothing

Each conversation has a log of entries with \`seq\` 1, 2, 3… without gaps. An entry is a message, or a change of an earlier
message. Who has every \`seq\` has missed nothing:

1. After every connect, call \`conversation.sync\` with the cursor kept from last time, until \`hasMore\` is false. Every
   conversation that changed comes with its present state: end of the log, last message, unread, read marks, settings.
2. Where a state's \`head.seq\` is beyond the last entry held, call \`message.since\`; on \`tooOld\` drop what is held and
   load history anew.
3. An event \`message\` or \`change\` whose \`seq\` is not the next one shows a gap: call \`message.since\`. What is known already
   is dropped. Replies and events may overtake each other: what is newer by \`seq\`, \`changeSeq\` or \`changedAt\` wins.
4. The event \`reload\` means that events are missing on this very connection: go to 1 (or to 2, for the conversation it names).
5. A send whose reply did not come is repeated with the same \`clientId\`, on any later connection: it is stored once.

A change applies to a message only if its \`seq\` is above the message's \`changeSeq\`. A user's own message moves that user's read mark to it where its event says \`marksRead\`. Recalls and
modifications don't count as unread. A page of history is the log as it stood at its \`headSeq\`, in the state of now. An entry that is not for the reader (a message directed to others, a change of one)
comes live as an empty message in state \`hidden\`, so that the next number is no gap.`;
