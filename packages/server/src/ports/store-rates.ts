/** What was used of an app's rates, for nodes that share them. */

export interface RateClaim {
  /** Of the limit, at most 128 characters. */
  name: string;
  /** How long a window is. */
  seconds: number;
  /** Number of the window, by the caller's clock: the time since the epoch divided by `seconds`. */
  window: number;
  count: number;
  /** How much may be used of one window. */
  most: number;
}

export interface RateStore {
  /**
   * Takes from windows, resolves to what was granted of each claim, in their order: `count`, or what was left; with
   * `isWhole` everything or, zeros, nothing at all. Only the newest window of a limit is known: who is late takes from that.
   */
  takeRates(claims: RateClaim[], isWhole: boolean): Promise<number[]>;
}
