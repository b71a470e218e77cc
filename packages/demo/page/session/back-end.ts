/** The demo's own back end: it opens sessions, and knows what groups and chatrooms are called. Everything else is the SDK's. */

export interface Named {
  id: string;
  name: string;
}

async function ask<Result>(path: string, body?: object): Promise<Result> {
  const response = await fetch(`api/${path}`, body && { method: "POST", body: JSON.stringify(body) });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error);
  return result;
}

export const openSession = (name: string, deviceId: string) =>
  ask<Named & { token: string }>("session", { name, deviceId });
export const listPeople = () => ask<{ suggested: string[]; people: Named[] }>("people");
export const addPerson = (name: string) => ask<Named>("people", { name });
export const findGroup = (id: string) => ask<Named>(`group?id=${encodeURIComponent(id)}`);
export const listChatrooms = () => ask<{ chatrooms: Named[] }>("chatrooms");
export const createGroup = (name: string, memberIds: string[]) => ask<Named>("group", { name, memberIds });
