/** Runs the bake's steps in order: each cached by the hash of its inputs; one that fails or is stopped leaves nothing. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Entry, loadEntry, pruneEntries, removeAbandoned, sealEntry } from './cache.ts'
import { hashText } from './hash.ts'
import { createShell, type Shell } from './shell.ts'

/** Everything that a step's result depends on: name to version or hash. The manifest lists them all. */
export type Inputs = Readonly<Record<string, string>>

/** Where a running step works. Files it leaves in `dir` beside its outputs are removed. */
export type Workbench = {
  readonly dir: string
  readonly shell: Shell
  readonly done: Done
  readonly signal: AbortSignal
}

export type Step = {
  readonly name: string
  /** Asked when all earlier steps are done; must not depend on the clock. */
  inputs(done: Done): Inputs | Promise<Inputs>
  /** Files that `run` leaves in its folder. */
  readonly outputs: readonly string[]
  run(bench: Workbench): Promise<void>
}

export type Finished = Entry & { readonly name: string; readonly cached: boolean; readonly tookMs: number }

/** What earlier steps left. Asking for a step that has not run is a fault of the plan and throws. */
export type Done = {
  /** The absolute path of an output. */
  file(step: string, output: string): string
  /** The sha256 of an output; what a later step names as its input, so that equal results end the rebuilding. */
  hash(step: string, output: string): string
  all(): readonly Finished[]
}

export type StepRunner = {
  readonly cacheDir: string
  readonly logDir: string
  readonly signal: AbortSignal
  /** Milliseconds, only for reported times. */
  readonly now: () => number
  readonly print: (line: string) => void
}

/**
 * Runs all steps, or rejects with the first failure. Of the failed step nothing stays: its shell has ended the whole group
 * of every command, and its folder is removed. Whatever finished before stays cached.
 */
export async function runSteps(steps: readonly Step[], runner: StepRunner): Promise<Done> {
  const finished: Finished[] = []
  const done = createDone(finished)
  await removeAbandoned(runner.cacheDir)
  const nameWidth = Math.max(...steps.map(({ name }) => name.length))
  for (const [index, step] of steps.entries()) {
    runner.signal.throwIfAborted()
    const begin = runner.now()
    const { entry, cached } = await runStep(step, done, runner)
    const tookMs = runner.now() - begin
    finished.push({ ...entry, name: step.name, cached, tookMs })
    runner.print(renderProgress({ index, count: steps.length, name: step.name, nameWidth, cached, tookMs }))
  }
  return done
}

async function runStep(step: Step, done: Done, runner: StepRunner): Promise<{ entry: Entry; cached: boolean }> {
  const inputs = await step.inputs(done)
  const key = hashText(JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16)
  const dir = join(runner.cacheDir, `${step.name}-${key}`)
  const found = await loadEntry(dir, step.outputs)
  if (found.state === 'whole') return { entry: found.entry, cached: true }
  if (found.state === 'corrupted')
    runner.print(`      ${step.name}: cache entry is corrupted (${found.why}); building it again`)
  const entry = await buildEntry(step, { dir, inputs, done, runner })
  await pruneEntries(runner.cacheDir, step.name)
  return { entry, cached: false }
}

type Building = { dir: string; inputs: Inputs; done: Done; runner: StepRunner }

/** Works in a folder with a temporary name, which becomes the entry in one rename. */
async function buildEntry(step: Step, { dir, inputs, done, runner }: Building): Promise<Entry> {
  const temporary = `${dir}.tmp-${process.pid}`
  const logFile = join(runner.logDir, `${step.name}.log`)
  await mkdir(runner.logDir, { recursive: true })
  await mkdir(temporary, { recursive: true })
  await writeFile(logFile, '')
  const shell = createShell({ logFile, signal: runner.signal })
  try {
    await step.run({ dir: temporary, shell, done, signal: runner.signal })
    runner.signal.throwIfAborted()
    const outputs = await sealEntry(temporary, { inputs, outputs: step.outputs })
    await rm(dir, { recursive: true, force: true })
    await rename(temporary, dir)
    return { dir, inputs, outputs }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

function createDone(finished: readonly Finished[]): Done {
  const find = (step: string): Finished => {
    const entry = finished.find(({ name }) => name === step)
    if (!entry) throw new Error(`Step ${step} has not run; the plan is out of order`)
    return entry
  }
  return {
    file: (step, output) => join(find(step).dir, output),
    hash(step, output) {
      const hash = find(step).outputs[output]
      if (!hash) throw new Error(`Step ${step} has no output ${output}`)
      return hash
    },
    all: () => [...finished],
  }
}

type Progress = { index: number; count: number; name: string; nameWidth: number; cached: boolean; tookMs: number }

function renderProgress({ index, count, name, nameWidth, cached, tookMs }: Progress): string {
  const place = `[${String(index + 1).padStart(2)}/${count}]`
  return `${place} ${name.padEnd(nameWidth)} ${(tookMs / 1000).toFixed(1).padStart(7)} s${cached ? '  cached' : ''}`
}
