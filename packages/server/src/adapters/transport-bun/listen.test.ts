import { transportContract } from "../../ports/transport.contract.ts";
import { listenBun } from "./listen.ts";

transportContract("Bun.serve", listenBun);
