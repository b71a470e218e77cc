import type { Config } from "../config.ts";
import type { Bus } from "../ports/bus.ts";
import { createLocalBus } from "./bus-local/local-bus.ts";
import { BusNotOpened, createNatsBus } from "./bus-nats/nats-bus.ts";

export interface BusHandlers {
  /** A subscriber's handler threw. */
  onHandlerError(error: unknown): void;
  /** Trouble of the network between nodes, in sentences for the log; each kind at most once a second. */
  onFailure?(error: Error): void;
}

/** Opens the bus that the settings name. Throws `BusNotOpened`, whose message says why and what to do. */
export const openBus = async (config: Pick<Config, "bus">, handlers: BusHandlers): Promise<Bus> => {
  if (config.bus === "local") return createLocalBus(handlers.onHandlerError);
  try {
    return await createNatsBus({ url: config.bus, ...handlers });
  } catch (error) {
    if (!(error instanceof BusNotOpened)) throw error;
    throw new BusNotOpened(`${error.message} PARLANCE_BUS names it.`);
  }
};

export { BusNotOpened };
