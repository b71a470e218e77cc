import { busContract } from "../../ports/bus.contract.ts";
import { createLocalBus } from "./local-bus.ts";

busContract("in one process", async (onError) => createLocalBus(onError));
