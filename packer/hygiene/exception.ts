/** A path that may break a rule. */
export type Exception = {
  /** The rule's name. */
  readonly rule: string
  /** From the root of the system, or of the image that it is in. */
  readonly path: string
  readonly reason: string
}
