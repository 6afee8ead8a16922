/** What sources give, and which of them counts for which value. */
import { isAbsent } from '../parse/reading.ts'
import type { Fault, Values } from '../settings.ts'

/** In their order: the first that has a value wins. */
export const sourceNames = ['guestinfo', 'ovf-env.xml', 'CIDATA'] as const
export type SourceName = (typeof sourceNames)[number]

/** One that answered, though perhaps with nothing that can be used. */
export interface Source {
  readonly name: SourceName
  /** For people: `disc /dev/sr0`. */
  readonly place: string
  readonly values: Values
  /** Of the source itself; their keys may be its name. */
  readonly faults: readonly Fault[]
}

export interface Sourced {
  readonly sources: readonly Source[]
  readonly values: Values
  /** Of each value. */
  readonly origins: Readonly<Record<string, Source>>
  readonly faults: readonly Fault[]
}

/** Value by value; what is as good as absent shadows nothing. */
export function mergeSources(sources: readonly Source[]): Sourced {
  const inOrder = sources.toSorted((a, b) => sourceNames.indexOf(a.name) - sourceNames.indexOf(b.name))
  const given = inOrder.flatMap(source =>
    Object.entries(source.values)
      .filter(([, text]) => !isAbsent(text))
      .map(([key, text]) => ({ key, text, source })),
  )
  const winners = new Map(given.toReversed().map(each => [each.key, each]))
  return {
    sources: inOrder,
    values: Object.fromEntries([...winners].map(([key, { text }]) => [key, text])),
    origins: Object.fromEntries([...winners].map(([key, { source }]) => [key, source])),
    faults: inOrder.flatMap(({ faults }) => faults),
  }
}
