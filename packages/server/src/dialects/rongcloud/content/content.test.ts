import { describe, expect, test } from "bun:test";
import { messageTypes } from "@parlance/protocol";
import { Compile } from "typebox/compile";
import { RongcloudRefusal } from "../refusal.ts";
import { mostContentBytes, toCore } from "./to-core.ts";
import { toWire } from "./to-wire.ts";
import { builtIns } from "./types.ts";

const there = (objectName: string, content: string) => {
  const core = toCore(objectName, content);
  return { core, back: toWire(core), shown: JSON.parse(core.content) };
};

const refusalOf = (objectName: string, content: string): unknown => {
  try {
    return toCore(objectName, content);
  } catch (error) {
    return error;
  }
};

const user = { id: "u1", name: "Ann", portrait: "https://p.example/a.png", extra: "" };

/** As apps send them: with what the core knows, with what it doesn't, and not always with the right types. */
const contents: Record<string, object> = {
  "RC:TxtMsg": {
    content: "hi",
    extra: "e",
    user,
    mentionedInfo: { type: 1, userIdList: [], mentionedContent: "" },
  },
  "RC:ImgMsg": { content: "aGk=", imageUri: "https://f.example/a.jpg", thumWidth: 240, thumHeight: 180 },
  "RC:GIFMsg": {
    gifDataSize: 34563,
    remoteUrl: "https://f.example/a.gif",
    width: 263,
    height: 263,
    localPath: "",
  },
  "RC:HQVCMsg": { remoteUrl: "https://f.example/a.aac", duration: 6.5, localPath: "", format: "aac" },
  "RC:VcMsg": { content: "IyFBTVIK", duration: "3", extra: { its: "own" } },
  "RC:FileMsg": { name: "a.txt", size: "190", type: "txt", fileUrl: "https://f.example/a.txt" },
  "RC:SightMsg": {
    sightUrl: "https://f.example/a.mp4",
    content: "aGk=",
    duration: 12,
    size: 734,
    name: "a.mp4",
  },
  "RC:LBSMsg": { content: "aGk=", latitude: 39.9139, longitude: "116.4917", poi: "Peking" },
  "RC:ImgTextMsg": {
    title: "Hi",
    content: "There",
    imageUri: "https://f.example/a.jpg",
    url: "https://example.org",
  },
  "RC:ReferenceMsg": {
    content: "indeed",
    referMsgUserId: "u2",
    referMsg: { content: "so?" },
    referMsgUid: "5FGT-7VA9-G4DD-4V5P",
    objName: "RC:TxtMsg",
  },
  "RC:CombineV2Msg": {
    conversationType: 1,
    summaryList: ["A: hi"],
    nameList: ["A", "B"],
    msgNum: 2,
    msgList: [{ a: 1 }],
  },
  "RC:CombineMsg": {
    remoteUrl: "https://f.example/a.html",
    nameList: ["A"],
    summaryList: ["A: hi"],
    conversationType: 3,
  },
  "RC:StreamMsg": { content: "Once", seq: 1, complete: false, type: "markdown" },
  "RC:InfoNtf": { message: "Bob joined", extra: "" },
  "RC:ContactNtf": {
    operation: "Request",
    sourceUserId: "u1",
    targetUserId: "u2",
    message: "hello",
    extra: "",
  },
  "RC:ProfileNtf": { operation: "Update", data: '{"name":"Bob"}', extra: null },
  "RC:CmdNtf": { name: "refresh", data: { nested: [1] } },
  "RC:GrpNtf": { operatorUserId: "u1", operation: "Rename", data: "{}", message: "renamed", extra: "" },
  "RC:CmdMsg": { name: "refresh", data: "{}" },
};

describe("contents of built-in types", () => {
  test("are all tried", () => {
    expect(Object.keys(contents).sort()).toEqual(builtIns.map(({ objectName }) => objectName).sort());
  });

  for (const [objectName, content] of Object.entries(contents))
    test(`${objectName} comes back as it was, and is what our own protocol says it is`, () => {
      const { core, back, shown } = there(objectName, JSON.stringify(content));
      expect(back.objectName).toBe(objectName);
      expect(JSON.parse(back.content)).toEqual(content);
      const { content: schema } = messageTypes[core.type as keyof typeof messageTypes];
      expect(Compile(schema as object).Check(shown)).toBe(true);
    });

  test("say the same in our own protocol", () => {
    expect(there("RC:TxtMsg", '{"content":"hi"}').core).toEqual({
      type: "text",
      content: '{"text":"hi"}',
      isStatus: false,
    });
    expect(there("RC:FileMsg", JSON.stringify(contents["RC:FileMsg"])).shown).toMatchObject({
      url: "https://f.example/a.txt",
      name: "a.txt",
      size: 190,
      mediaType: "txt",
    });
    expect(there("RC:HQVCMsg", JSON.stringify(contents["RC:HQVCMsg"])).shown).toMatchObject({ seconds: 7 });
  });

  test("keep numbers that ours can't hold", () => {
    const content = '{"content":"paid","order":1234567890123456789}';
    expect(there("RC:TxtMsg", content).back.content).toBe(content);
  });

  test.each([
    ["RC:TxtMsg", "hi"],
    ["RC:TxtMsg", "[1]"],
    ["RC:TxtMsg", '{"content":1}'],
    ["RC:ImgMsg", '{"content":"aGk="}'],
    ["RC:LBSMsg", '{"latitude":"north","longitude":1}'],
    ["RC:SomethingElse", "no object"],
    ["RC:TxtMsg", '{"content":"\u0000"}'],
    ["RC:TxtMsg", '{"content":"\ud800"}'],
  ])("are refused when they are none: %s %s", (objectName, content) => {
    const refusal = refusalOf(objectName, content);
    expect(refusal).toBeInstanceOf(RongcloudRefusal);
    expect(refusal).toMatchObject({ code: 1002 });
  });

  test("have at most 128 KiB, counted in bytes", () => {
    const content = (bytes: number) => JSON.stringify({ content: "é".repeat((bytes - 14) / 2) });
    expect(there("RC:TxtMsg", content(mostContentBytes)).core.type).toBe("text");
    expect(refusalOf("RC:TxtMsg", content(mostContentBytes + 2))).toMatchObject({
      code: 1005,
    });
  });
});

describe("contents of an app's own types", () => {
  test.each([
    '{"a": 1, "b":1234567890123456789}',
    "plain text",
    "",
    "[1,2]",
    "null",
    '"quoted"',
    '{"rc":{"raw":"x"}}',
    '{"rc":{"as":"y"},"text":"z"}',
  ])("come back to the letter: %s", (content) => {
    const { core, back } = there("app:order", content);
    expect(core.type).toBe("app:order");
    expect(back).toEqual({ objectName: "app:order", content });
  });

  test("are texts to who knows objects alone", () => {
    expect(there("app:order", "plain text").shown).toMatchObject({ text: "plain text" });
  });

  test("may have the name of a type of ours", () => {
    const { core, back } = there("text", '{"content":"x"}');
    expect(core.type).toBe("custom:text");
    expect(back).toEqual({ objectName: "text", content: '{"content":"x"}' });
  });
});

describe("messages of our own protocol", () => {
  test("are what the wire calls them, with everything they say", () => {
    const content = JSON.stringify({ text: "hi", mood: "fine", rc: "no rest" });
    const mentions = { userIds: ["u2"], isAll: false };
    const { objectName, content: wire } = toWire({ type: "text", content, mentions });
    expect(objectName).toBe("RC:TxtMsg");
    expect(JSON.parse(wire)).toEqual({
      content: "hi",
      mood: "fine",
      mentionedInfo: { type: 2, userIdList: ["u2"], mentionedContent: "" },
    });
  });

  test("that answer another one say which", () => {
    const quote = {
      sentAt: 1_767_225_600_000_000,
      seq: 4,
      senderId: "u2",
      type: "text",
      content: '{"text":"so?"}',
    };
    const { objectName, content } = toWire({
      type: "quote",
      content: '{"text":"yes"}',
      quote,
      conversationId: 7,
    });
    expect(objectName).toBe("RC:ReferenceMsg");
    expect(JSON.parse(content)).toMatchObject({
      content: "yes",
      referMsgUserId: "u2",
      objName: "RC:TxtMsg",
      referMsg: { content: "so?" },
      referMsgUid: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/),
    });
  });

  test("that were recalled say that, and nothing else", () => {
    expect(toWire({ type: "text", content: "{}", senderId: "u1", state: "recalled" })).toEqual({
      objectName: "RC:RcNtf",
      content: '{"operatorId":"u1","originalObjectName":"RC:TxtMsg","delete":false}',
    });
  });
});
