/** What the store notes of itself: with which keys its records may be sealed, and which fields of them are. */
import type { Store } from '../../store/port.ts'
import type { SealedFields } from './sealed-store.ts'

const markKey = 'sealed-with'
const fieldsKey = 'sealed-fields'
/** Stands for records of a version that sealed nothing. */
const inClear = 'clear'

export type Marks = Pick<Store['events'], 'mark' | 'put'>

/** What records may be sealed with; a store that was never sealed says `clear`. */
const readMark = async (marks: Marks): Promise<string[]> => ((await marks.mark(markKey)) ?? inClear).split(' ')

export interface SealMark {
  /** Ids of the keys without which something could not be opened. */
  needed(): Promise<string[]>
  hasClear(): Promise<boolean>
  isOnly(id: string): Promise<boolean>
  /** Once it resolves, all that was written before is in the store. */
  add(id: string): Promise<void>
  setOnly(id: string): Promise<void>
  /** These fields, and no others, are sealed in all records that could be. */
  areFields(fields: SealedFields): Promise<boolean>
  setFields(fields: SealedFields): Promise<void>
}

const textOf = (fields: SealedFields): string =>
  Object.entries(fields)
    .map(([kind, ofKind]) => `${kind}:${Object.keys(ofKind).toSorted()}`)
    .toSorted()
    .join(' ')

export function createSealMark(marks: Marks): SealMark {
  const write = (words: string[]): Promise<void> => marks.put([], { key: markKey, value: words.join(' ') })
  return {
    needed: async () => (await readMark(marks)).filter(word => word !== inClear),
    hasClear: async () => (await readMark(marks)).includes(inClear),
    isOnly: async id => (await readMark(marks)).join(' ') === id,
    add: async id => write([...new Set([id, ...(await readMark(marks))])]),
    setOnly: id => write([id]),
    areFields: async fields => (await marks.mark(fieldsKey)) === textOf(fields),
    setFields: fields => marks.put([], { key: fieldsKey, value: textOf(fields) }),
  }
}
