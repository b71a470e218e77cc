/** A refusal that only this dialect knows, or that it knows more of than the core. */
export class RongcloudRefusal extends Error {
  readonly code: number;

  constructor(code: number, message?: string) {
    super(message ?? "The request was refused.");
    this.name = "RongcloudRefusal";
    this.code = code;
  }
}
