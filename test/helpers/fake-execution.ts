/** The Execution port without containers: functions are scripted by name. For tests of what lies before the engine. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AwaitedInvocation,
  type Execution,
  FunctionLoadError,
  type FunctionRevision,
  type LineListener,
  type Outcome,
  type PatientInvocation,
  type RuntimeImage,
} from '../../server/core/execution.ts'

export type Script = (invocation: AwaitedInvocation, revision: FunctionRevision) => Outcome | Promise<Outcome>

export interface FakeExecution extends Execution {
  images: RuntimeImage[]
  loaded: Map<string, FunctionRevision>
  invocations: AwaitedInvocation[]
  /** Who follows which run. */
  listeners: Map<string, LineListener>
}

/** Places the code as a container would see it, and takes it away again. Rejects when there is none. */
export async function tryCode(revision: FunctionRevision): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-code-'))
  try {
    await revision.placeCode(directory)
    if ((await readdir(directory)).length === 0) throw new Error('no code was placed')
  } finally {
    await rm(directory, { recursive: true })
  }
}

const silent = { stdout: null, stderr: null }
export const answer = (outputJson: string): Outcome => ({ ok: true, outputJson, logs: silent })

const begin = ({ begin, ...rest }: PatientInvocation): AwaitedInvocation => ({ ...rest, ...begin() })

/** A handler that starts with `missing` or `nofile` cannot be loaded; a function without a script echoes its payload. */
export function createFakeExecution(scripts: Record<string, Script> = {}): FakeExecution {
  const fake: FakeExecution = {
    images: [],
    loaded: new Map(),
    invocations: [],
    listeners: new Map(),
    setImages: images => {
      fake.images = images
    },
    keepOnly: async () => undefined,
    load: async revision => {
      if (/^(missing|nofile)/.test(revision.handler))
        throw new FunctionLoadError(`Invalid function file or handler: ${revision.handler}`)
      await tryCode(revision)
      fake.loaded.set(revision.revisionId, revision)
    },
    unload: async revisionId => {
      fake.loaded.delete(revisionId)
    },
    concurrencyOf: ({ limits }) => limits.concurrency ?? 8,
    invoke: async (revision, asked) => {
      const invocation = 'begin' in asked ? begin(asked) : asked
      fake.invocations.push(invocation)
      const script = scripts[revision.name]
      return script ? script(invocation, revision) : answer(invocation.payloadJson)
    },
    follow: (runId, listener) => {
      fake.listeners.set(runId, listener)
      return () => void fake.listeners.delete(runId)
    },
    memoryOf: async revisionId => (fake.loaded.has(revisionId) ? 20 * 1024 ** 2 : undefined),
    stats: () => ({
      pools: [],
      functions: [...fake.loaded.values()].map(({ org, name, revisionId }) => ({
        ...{ org, name, revisionId },
        ...{ warm: true, workers: 1, busy: 0, waiting: 0 },
      })),
      workers: { used: 0, limit: 0 },
      counters: {
        coldStarts: 0,
        warmStarts: 0,
        lostContainers: 0,
        calls: { ok: 0, InputError: 0, FunctionError: 0, SystemError: 0, busy: 0 },
      },
    }),
    close: async () => {},
  }
  return fake
}
