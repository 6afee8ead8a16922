/** Reads the table of purposeful differences from recorded runs, and says what a run has to look like with them. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Recording } from './recording.ts'
import type { Answer, Outcome } from './stage.ts'

/** The whole text, or what has to be replaced in the recorded one, at every place. */
type Change = string | readonly (readonly [from: string, to: string])[]

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

function change(recorded: string, wanted: Change = []): string {
  if (typeof wanted === 'string') return wanted
  return wanted.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${JSON.stringify(from)} is not in what was recorded`)
    return text.replaceAll(from, to)
  }, recorded)
}

export const expectedOutcome = (recording: Recording, difference?: Difference): Outcome => ({
  code: difference?.code ?? recording.code,
  stdout: change(recording.stdout, difference?.stdout),
  stderr: change(recording.stderr, difference?.stderr),
})
