/** Something the page asked for that can't be done, in a sentence for the person who asked. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}
