import { ParlanceError } from "../errors.ts";

/**
 * Nobody knows yet whether a write was made: its answer was lost, and the database can't be asked. The caller is told so
 * (never `unavailable`, which promises that nothing was stored), and the store goes on finding out.
 */
export class OutcomeUnknown<Result = unknown> extends ParlanceError {
  /**
   * Never rejects. Resolves when it is known: with the write's result if it was made, or with null if it was not and
   * never will be; and with null when the store gives up asking (it closes, or half an hour is over).
   */
  readonly outcome: Promise<Result | null>;

  constructor(outcome: Promise<Result | null>) {
    super("outcomeUnknown");
    this.outcome = outcome;
  }
}
