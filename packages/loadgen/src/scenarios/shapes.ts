/** The rooms of the fan-out scenarios. */
export const shapes = [
  { name: "10x100", title: "10 rooms of 100", rooms: 10, members: 100 },
  { name: "1x1000", title: "1 room of 1000", rooms: 1, members: 1000 },
];
