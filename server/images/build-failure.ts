/** A build that cannot be done as its image wants it: shown as the reason of the image's ERROR. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
  /** What the failing step has printed; may be empty. */
  readonly output: string

  constructor(message: string, output = '') {
    super(message)
    this.output = output
  }
}
