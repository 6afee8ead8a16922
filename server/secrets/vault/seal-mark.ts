/** What the store notes of itself: with which keys its records may be sealed. */
import type { Store } from '../../store/port.ts'

const markKey = 'sealed-with'
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
}

export function createSealMark(marks: Marks): SealMark {
  const write = (words: string[]): Promise<void> => marks.put([], { key: markKey, value: words.join(' ') })
  return {
    needed: async () => (await readMark(marks)).filter(word => word !== inClear),
    hasClear: async () => (await readMark(marks)).includes(inClear),
    isOnly: async id => (await readMark(marks)).join(' ') === id,
    add: async id => write([...new Set([id, ...(await readMark(marks))])]),
    setOnly: id => write([id]),
  }
}
