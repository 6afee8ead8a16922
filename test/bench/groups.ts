/** All groups of figures, in the order in which they are taken. */
import type { Group } from './figure.ts'
import { runs } from './figures/runs.ts'
import { starts } from './figures/starts.ts'

export const groups: readonly Group[] = [...runs, starts]
