/** What `npm run conformance` hands to its tests. */
export interface Conformance {
  /** A reference of Docker's. */
  image: string
  /** Folder; undefined: the repository's own for the image's language. */
  probe: string | undefined
  linesOnStderr: boolean
  hasPieces: boolean
}

export const conformanceVariable = 'DISPATCH_CONFORMANCE'
