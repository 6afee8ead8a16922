/** An engine for tests: its own directories, short times, quick functions written on the spot. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type {
  AwaitedInvocation,
  Execution,
  FunctionRevision,
  Outcome,
  PieceListener,
  RuntimeImage,
} from '../../server/core/execution.ts'
import type { Docker } from '../../server/docker/port.ts'
import { createEngine } from '../../server/engine/engine.ts'
import { defaultLimits, type EngineLimits } from '../../server/engine/options.ts'

export interface TestEngine {
  engine: Execution
  docker: Docker
  instanceId: string
  containersDir: string
  /** A revision of a function of its own, with the files as its code. */
  revision(image: RuntimeImage, files: Record<string, string>, handler?: string): FunctionRevision
  /** Calls with a payload; `timeoutMs` counts from now. */
  call(revision: FunctionRevision, payload?: unknown, timeoutMs?: number): Promise<Outcome>
  /** Calls as the run of that name. */
  callAs(runId: string, revision: FunctionRevision, payload?: unknown): Promise<Outcome>
  /** Calls and asks for pieces. */
  stream(revision: FunctionRevision, payload: unknown, options: StreamOptions): Promise<Outcome>
  /** Warnings of the engine so far. */
  warnings: string[]
}

export interface TestEngineOptions {
  docker: Docker
  instanceId?: string
  limits?: Partial<EngineLimits>
  nodePath?: string
  /** The wall clock, in ms. */
  nowMs?: () => number
}

export interface StreamOptions {
  onPiece: PieceListener
  timeoutMs?: number
}

/** Closed after the test. */
export function createTestEngine(t: Pick<ExecutionContext, 'teardown'>, options: TestEngineOptions): TestEngine {
  const root = mkdtempSync(join(tmpdir(), 'dispatch-engine-'))
  const { docker, instanceId = randomUUID(), nowMs = Date.now } = options
  const containersDir = join(root, 'containers')
  const warnings: string[] = []
  const engine = createEngine({
    docker,
    instanceId,
    containersDir,
    clock: { nowNs: () => BigInt(nowMs()) * 1_000_000n },
    log: { info: () => undefined, warn: (_, text) => warnings.push(text) },
    newContainerId: () => randomUUID().slice(0, 8),
    imageRegistry: 'dispatch-test',
    nodePath: options.nodePath ?? process.execPath,
    limits: { ...defaultLimits, poolSize: 1, ...options.limits },
  })
  const invoke = (revision: FunctionRevision, payload: unknown, { timeoutMs, ...rest }: Partial<StreamOptions>) => {
    const payloadJson = JSON.stringify(payload)
    const invocation: AwaitedInvocation = { id: randomUUID(), contextJson: '{"secrets":{}}', payloadJson, ...rest }
    if (timeoutMs === undefined) return engine.invoke(revision, invocation)
    const deadlineMs = Date.now() + timeoutMs
    const contextJson = JSON.stringify({ secrets: {}, deadline: new Date(deadlineMs).toISOString() })
    return engine.invoke(revision, { ...invocation, contextJson, deadlineMs })
  }
  t.teardown(async () => {
    await engine.close(10_000)
    rmSync(root, { recursive: true, force: true })
  })
  return {
    engine,
    docker,
    instanceId,
    containersDir,
    warnings,
    revision: (image, files, handler = '') => {
      const placeCode = async (directory: string) => {
        for (const [name, content] of Object.entries(files)) {
          mkdirSync(dirname(join(directory, name)), { recursive: true })
          writeFileSync(join(directory, name), content, { mode: content.startsWith('#!') ? 0o755 : 0o644 })
        }
      }
      const names = { functionId: randomUUID(), org: 'dispatch', name: 'f' }
      return { ...image, ...names, revisionId: randomUUID(), handler, placeCode, limits: {} }
    },
    callAs: (id, revision, payload = null) =>
      engine.invoke(revision, { id, contextJson: '{"secrets":{}}', payloadJson: JSON.stringify(payload) }),
    call: (revision, payload = null, timeoutMs) =>
      invoke(revision, payload, timeoutMs === undefined ? {} : { timeoutMs }),
    stream: invoke,
  }
}
