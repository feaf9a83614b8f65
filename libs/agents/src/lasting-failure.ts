/** A task cannot be done, however often it is tried; the message tells a person why. */
export class LastingFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LastingFailure';
  }
}
