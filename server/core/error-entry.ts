/** What the catalogue of errors says of each. */
export type Blame = 'caller' | 'function' | 'ours'

export interface CatalogueEntry {
  httpStatus: number
  blame: Blame
  /** `{x}` is filled from the parameters. */
  text: string
}
