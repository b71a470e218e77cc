import { BlockList, isIP } from "node:net";

const known = new Map<string, BlockList>();

const listOf = (text: string): BlockList => {
  let list = known.get(text);
  if (list === undefined) {
    list = new BlockList();
    for (const part of text.split(",")) {
      const [address = "", bits] = part.trim().split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      if (isIP(address) === 0) continue;
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    }
    // Few lists are in use; old ones of an app that changed its mind go.
    if (known.size >= 1000) known.clear();
    known.set(text, list);
  }
  return list;
};

/** Whether somebody may call from there; an empty list is everywhere. `allowed`: `10.0.0.0/8,192.0.2.1,2001:db8::/32`. */
export function isAllowedAddress(allowed: string, address: string): boolean {
  if (allowed === "") return true;
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (isIP(plain) === 0) return false;
  return listOf(allowed).check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}
