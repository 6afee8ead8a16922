/** A defect of the original that must not come back. */
export interface Defect {
  /** What it concerns. */
  of: string
  original: string
  /** Which hold it off: each a file below test/ and a part of a title in it. */
  tests?: readonly (readonly [file: string, title: string])[]
  /** The work that the row waits for. */
  later?: 'authentication' | 'encryption' | 'TLS'
}
