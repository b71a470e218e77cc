/** A request that is answered with an error: the HTTP status and one sentence for a person to read. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.name = "Refusal";
    this.status = status;
  }
}
