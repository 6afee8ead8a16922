/** Reads the table of purposeful differences from recorded runs, and says what a run has to look like with them. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Change, change } from '../../helpers/change.ts'
import type { Recording } from './recording.ts'
import type { Answer, Outcome } from './stage.ts'

export interface Difference {
  readonly reason: string
  readonly code?: number
  readonly stdout?: Change
  readonly stderr?: Change
  /** `METHOD PATH` of each request, in order. */
  readonly asked?: readonly string[]
  readonly answers?: readonly Answer[]
}

const file = new URL('../../fixtures/cli/differences.yaml', import.meta.url)

/** By the number of the recording. */
export const loadDifferences = (): Readonly<Record<string, Difference>> => parse(readFileSync(file, 'utf8'))

export const expectedOutcome = (recording: Recording, difference?: Difference): Outcome => ({
  code: difference?.code ?? recording.code,
  stdout: change(recording.stdout, difference?.stdout),
  stderr: change(recording.stderr, difference?.stderr),
})
