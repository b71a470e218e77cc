import type { DialectName } from "../dialects/table.ts";
import type { ServerName } from "../servers/table.ts";
import { clusterScenarios } from "./cluster/table.ts";
import { durable } from "./durable.ts";
import { fanout } from "./fanout.ts";
import { idle } from "./idle.ts";
import { nativeScenarios } from "./native.ts";
import { rongcloudScenarios } from "./rongcloud.ts";
import type { Scenario } from "./scenario.ts";
import { shapes } from "./shapes.ts";

interface Subject {
  name: string;
  title: string;
  server: ServerName;
  dialect: DialectName;
  roomKind: "regular" | "mass";
}

/** Whose fan-out is measured. */
const subjects: Subject[] = [
  {
    name: "fanout-regular",
    title: "Parlance REGULAR",
    server: "parlance",
    dialect: "i2a",
    roomKind: "regular",
  },
  {
    name: "fanout-mass",
    title: "Parlance MASS_PRIVATE",
    server: "parlance",
    dialect: "i2a",
    roomKind: "mass",
  },
  {
    name: "socketio-node",
    title: "Socket.IO on Node",
    server: "socketio-node",
    dialect: "socketio",
    roomKind: "regular",
  },
  {
    name: "socketio-bun",
    title: "Socket.IO on Bun",
    server: "socketio-bun",
    dialect: "socketio",
    roomKind: "regular",
  },
];

const fanouts = shapes.flatMap((shape) =>
  subjects.map((subject) =>
    fanout({
      ...subject,
      ...shape,
      name: `${subject.name}-${shape.name}`,
      title: `${subject.title}, ${shape.title}`,
    }),
  ),
);

/** Everything `npm run bench` knows, in the order in which it runs. */
export const scenarios: Scenario[] = [
  ...fanouts,
  durable({
    name: "durable",
    title: "Parlance, durable sends, 1000 rooms of 2",
    server: "parlance",
    dialect: "i2a",
  }),
  idle({
    name: "idle-19k",
    title: "Parlance, idle, 19,000 connections",
    server: "parlance",
    dialect: "i2a",
    processes: 1,
    connectionsEach: 19_000,
    runs: 3,
  }),
  idle({
    name: "idle-100k",
    title: "Parlance, idle, 100,000 connections, 6 processes",
    server: "parlance",
    dialect: "i2a",
    processes: 6,
    connectionsEach: 16_700,
    runs: 1,
  }),
  ...nativeScenarios,
  ...rongcloudScenarios,
  ...clusterScenarios,
];
