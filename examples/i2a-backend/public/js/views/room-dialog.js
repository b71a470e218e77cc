// @ts-check
/** Details of a room: its people, its name, announcements, leaving and deleting. */
import { api } from "../api.js";
import { avatar, byId, make, setText } from "../element.js";
import { prepareDialog } from "./dialog.js";

/**
 * @typedef {import("../chat.js").Chat} Chat
 * @typedef {import("../types.d.ts").Person} Person
 * @typedef {import("../types.d.ts").RoomInfo} RoomInfo
 */

/** @param {Chat} chat */
export const openRoomDialog = (chat) => {
  const element = byId("room-dialog", "dialog");
  const dialog = prepareDialog(element);
  const remove = byId("delete-room", "button");
  /** @type {RoomInfo} */
  let info;

  /** @param {() => Promise<unknown>} work */
  const change = async (work) => {
    const worked = await dialog.attempt(work);
    if (worked) await chat.refreshRooms();
    const room = [...chat.rooms.values()].find((candidate) => candidate.info.id === info.id);
    if (!room?.info.is_member) return element.close();
    info = room.info;
    render();
    if (!worked) return;
    for (const input of element.querySelectorAll("input")) if (input.id !== "rename-name") input.value = "";
  };

  /** @param {Person} person */
  const memberItem = (person) => {
    const item = make(
      "li",
      {},
      avatar(person, "avatar small"),
      make(
        "span",
        { className: "grow ellipsis" },
        person.id === chat.me.id ? `${person.name} (you)` : person.name,
      ),
    );
    if (info.is_owner && person.id !== chat.me.id)
      item.append(
        make(
          "button",
          {
            type: "button",
            "aria-label": `Remove ${person.name}`,
            onclick: () => change(() => api.removeMember(info.id, person.id)),
          },
          "Remove",
        ),
      );
    return item;
  };

  const render = () => {
    setText(byId("room-dialog-title"), info.name);
    byId("members").replaceChildren(...info.members.map(memberItem));
    byId("members-section").hidden = info.members.length === 0;
    byId("rename-section").hidden = !info.is_owner;
    remove.hidden = !info.is_owner;
    remove.textContent = "Delete room";
  };

  /** @param {string} form @param {string} field @param {(value: string) => Promise<unknown>} work */
  const onSubmit = (form, field, work) => {
    byId(form, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      change(() => work(byId(field, "input").value));
    });
  };
  onSubmit("add-member", "add-member-name", (name) => api.addMember(info.id, name));
  onSubmit("rename", "rename-name", (name) => api.rename(info.id, name));
  onSubmit("announce", "announce-text", (text) => api.announce(info.id, text));
  byId("leave", "button").addEventListener("click", () => change(() => api.leave(info.id)));
  remove.addEventListener("click", () => {
    // The second click is the confirmation.
    const sure = "Delete it for everyone?";
    if (remove.textContent === sure) change(() => api.deleteRoom(info.id));
    else remove.textContent = sure;
  });

  return () => {
    if (!chat.open) return;
    info = chat.open.info;
    byId("rename-name", "input").value = info.name;
    render();
    dialog.open();
  };
};
