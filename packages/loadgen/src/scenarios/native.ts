import type { DialectName } from "../dialects/table.ts";
import type { ServerName } from "../servers/table.ts";
import { durable } from "./durable.ts";
import { fanout } from "./fanout.ts";
import { idle } from "./idle.ts";
import type { Scenario } from "./scenario.ts";
import { shapes } from "./shapes.ts";

interface Form {
  name: DialectName;
  title: string;
  server: ServerName;
}

/** Parlance's own protocol in its codecs, and the same compressed. */
const forms: Form[] = [
  { name: "native-json", title: "Native, JSON", server: "parlance" },
  { name: "native-msgpack", title: "Native, MessagePack", server: "parlance" },
  { name: "native-json-deflate", title: "Native, JSON, compressed", server: "parlance-deflate" },
  { name: "native-msgpack-deflate", title: "Native, MessagePack, compressed", server: "parlance-deflate" },
];

const allOf = ({ name, title, server }: Form): Scenario[] => {
  const common = { server, dialect: name, onlyWhenNamed: true };
  return [
    ...shapes.map((shape) =>
      fanout({
        ...common,
        ...shape,
        roomKind: "regular",
        name: `${name}-${shape.name}`,
        title: `${title}, ${shape.title}`,
      }),
    ),
    durable({ ...common, name: `${name}-durable`, title: `${title}, durable sends, 1000 rooms of 2` }),
    idle({
      ...common,
      name: `${name}-idle-19k`,
      title: `${title}, idle, 19,000 connections`,
      processes: 1,
      connectionsEach: 19_000,
      runs: 3,
    }),
  ];
};

export const nativeScenarios: Scenario[] = forms.flatMap(allOf);
