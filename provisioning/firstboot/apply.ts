/** Makes the machine what a plan says. Whatever is cut off, the next run of it completes. */
import { messageOf } from '../../server/core/errors.ts'
import type { Run } from '../run.ts'
import type { Files } from './files.ts'
import { type AbsentStep, type CommandStep, type FileStep, planFile, type Step } from './plan/step.ts'
import { nameStep } from './plan/table.ts'
import type { Login } from './settings.ts'

/** Paths that were written, or were about to be, and whose commands have not run well since: one a line. */
export const pendingFile = '/var/lib/dispatch-appliance/pending'

export interface StepFailure {
  /** As `nameStep` does. */
  readonly step: string
  readonly problem: string
  /** Whose password it was to set. */
  readonly password?: Login
}

export interface Applied {
  /** Paths of files that are other than before, or gone. */
  readonly changed: readonly string[]
  /** The other steps were taken all the same. */
  readonly failures: readonly StepFailure[]
}

type PathStep = FileStep | AbsentStep
type Attempt = <T>(step: Step, work: () => Promise<T>) => Promise<T | undefined>

export interface Machine {
  readonly files: Files
  readonly run: Run
}

export async function applySteps(steps: readonly Step[], { files, run }: Machine): Promise<Applied> {
  const failures: StepFailure[] = []
  const attempt: Attempt = (step, work) =>
    work().catch(thrown => {
      const password = step.kind === 'command' ? step.password : undefined
      failures.push({ step: nameStep(step), problem: messageOf(thrown), ...(password && { password }) })
      return undefined
    })
  const write = (step: PathStep) => attempt(step, () => writeWhereDifferent(step, files))

  const differing: PathStep[] = []
  for (const step of steps)
    if (step.kind !== 'command' && (await attempt(step, () => files.differs(step)))) differing.push(step)
  const earlier = parsePending((await files.read(pendingFile)) ?? '')
  const pending = new Set([...earlier, ...differing.map(({ path }) => path)])
  // Before the first of them is written: afterwards nobody could tell that it was another one before.
  await write(planPending(pending))
  const changed: string[] = []
  for (const step of differing) if (await write(step)) changed.push(step.path)
  await write(planPending(await runCommands(steps, pending, step => attempt(step, () => execute(step, run)))))
  return { changed, failures }
}

async function writeWhereDifferent(step: PathStep, files: Files): Promise<boolean> {
  const differs = await files.differs(step)
  if (differs) await files.write(step)
  return differs
}

/** Answers with the paths whose commands did not go well. */
async function runCommands(
  steps: readonly Step[],
  pending: ReadonlySet<string>,
  take: (step: CommandStep) => Promise<true | undefined>,
): Promise<Set<string>> {
  const left = new Set<string>()
  for (const step of steps) {
    if (step.kind !== 'command' || !isDue(step, pending)) continue
    if (!(await take(step))) for (const path of pathsOf(step, pending)) left.add(path)
  }
  return left
}

const isDue = (step: CommandStep, pending: ReadonlySet<string>): boolean =>
  step.when === 'always' || pathsOf(step, pending).length > 0

function pathsOf({ when }: CommandStep, pending: ReadonlySet<string>): string[] {
  if (when === 'always') return []
  const isMeant = (path: string) => when.some(each => (each.endsWith('/') ? path.startsWith(each) : path === each))
  return [...pending].filter(isMeant)
}

/** Bundles of authorities are hashed one by one: on an emulated or busy machine that takes more than a minute. */
const stepMs = 180_000

async function execute({ argv, stdin }: CommandStep, run: Run): Promise<true> {
  const { exitCode, stderr } = await run(argv, { timeoutMs: stepMs, ...(stdin !== undefined && { stdin }) })
  if (exitCode === 0) return true
  // A program may repeat what it was given.
  const words = stdin === undefined ? stderr.trim().split('\n').slice(-3).join(' ') : ''
  throw new Error(`${argv[0]} exited with ${exitCode}${words && `: ${words}`}`)
}

const parsePending = (text: string): string[] => text.split('\n').filter(Boolean)

function planPending(paths: Iterable<string>): PathStep {
  const text = [...paths].map(path => `${path}\n`).join('')
  const why = 'files whose commands have not run yet'
  if (text === '') return { kind: 'absent', path: pendingFile, why }
  return planFile({ path: pendingFile, text, why })
}
