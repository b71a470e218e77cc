// @ts-check
/** I2A's first diagram, [1]: the person asks our back end for a room. */
import { api } from "../api.js";
import { byId } from "../element.js";
import { prepareDialog } from "./dialog.js";

/** @param {(roomId: number) => void} onCreated */
export const openNewRoomDialog = (onCreated) => {
  const element = byId("new-room-dialog", "dialog");
  const dialog = prepareDialog(element);
  const name = byId("new-room-name", "input");
  const members = byId("new-room-members", "input");

  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const names = members.value.split(",").flatMap((part) => part.trim() || []);
    const worked = await dialog.attempt(async () => onCreated((await api.createRoom(name.value, names)).id));
    if (worked) element.close();
  });

  return () => {
    name.value = "";
    members.value = "";
    dialog.open();
  };
};
