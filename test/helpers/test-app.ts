/** A whole server without sockets: memory store, fake Docker, scripted functions; requests go in by `inject`. */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { pino } from 'pino'
import { type App, createApp } from '../../server/app.ts'
import type { AppOptions } from '../../server/app-options.ts'
import { openAuditLog } from '../../server/audit/log.ts'
import { createMemoryStorage } from '../../server/audit/storage.ts'
import { sealedFields } from '../../server/sealed-fields.ts'
import { parseKeys } from '../../server/secrets/vault/key.ts'
import { createKeyRing } from '../../server/secrets/vault/key-ring.ts'
import { createSealedStore } from '../../server/secrets/vault/sealed-store.ts'
import { createMemoryStore } from '../../server/store/memory.ts'
import type { Store } from '../../server/store/port.ts'
import { createClock, createIds, createWallClock } from '../../server/system.ts'
import { version } from '../../server/version.ts'
import { createAnswerCheck } from './answers.ts'
import type { Run } from './fake-containers.ts'
import { createFakeDocker, type FakeDocker } from './fake-docker.ts'
import { createFakeExecution, type FakeExecution, type Script } from './fake-execution.ts'
import { until } from './wait.ts'

const label = (suffix: string): string => `io.dispatchframework.solo.${suffix}`
/** With the packages that it holds, and their versions. */
export const addRuntime = (docker: FakeDocker, language: string, packages: object): void => {
  const labels = {
    [label('language')]: language,
    [label('protocol')]: '1',
    [label('packages')]: JSON.stringify(packages),
  }
  docker.addImage(`dispatch-solo/${language}:test`, labels)
}

export interface Answer {
  status: number
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: a parsed answer of any shape, looked into by assertions
  body: any
  text: string
}

export interface TestApp {
  app: App
  docker: FakeDocker
  execution: FakeExecution
  /** With what is secret in clear: to be looked into, not to be shared with another app. */
  store: Store
  /** Throws when the answer is not what its operation says of it. */
  call(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Waits until the resource at the URL has the status. */
  reach(url: string, status: string, headers?: Record<string, string>): Promise<Answer>
}

/** Drivers whose events come in by `inject` alone. */
export const driverOptions: AppOptions['drivers'] = {
  instanceId: '12345678-test',
  ingestPort: 8082,
  listen: async () => undefined,
  eventsGateway: '',
  settleMs: 1,
  publishAddress: '127.0.0.1',
  reachableHost: '127.0.0.1',
  builtInTypes: [],
  wall: createWallClock(),
  programOf: program => ({
    dockerImage: 'dispatch-solo/nodejs:test',
    programFile: `/programs/${program}.cjs`,
    nodeFile: '/node',
  }),
}

/** Builds that are not tried again before a test ends. */
export const createBuildOptions = (): AppOptions['builds'] => ({
  ...{ instanceId: '12345678-test', nodePath: '/node', cpus: 1, atOnce: 1, settings: {} },
  directory: join(tmpdir(), `dispatch-test-builds-${randomUUID()}`),
  limits: { memoryBytes: 1024 ** 3, diskBytes: 1024 ** 3, timeoutMs: 600_000 },
  readCa: async () => undefined,
  retryMsAfter: () => 3_600_000,
  diskCheckMs: 60_000,
})

/** The same for all, so that one can find what another has stored. */
const testKeys = parseKeys(Buffer.alloc(32, 'test').toString('base64'))

const defaultHeaders = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }

export interface TestOptions extends Partial<AppOptions> {
  /** Shared with another app. */
  fakeDocker?: FakeDocker
  /** What containers of drivers do. */
  runDriver?: Run
}

export async function createTestApp(
  t: Pick<ExecutionContext, 'teardown'>,
  scripts: Record<string, Script> = {},
  { runDriver, fakeDocker, ...options }: TestOptions = {},
): Promise<TestApp> {
  const docker = fakeDocker ?? createFakeDocker(runDriver)
  addRuntime(docker, 'nodejs', {})
  addRuntime(docker, 'python3', { requests: '2.32.3' })
  const execution = createFakeExecution(scripts)
  const store = options.store ?? createMemoryStore()
  const log = pino({ level: 'silent' })
  const keys = createKeyRing(testKeys, { name: 'of the tests', keep: async () => {} })
  const app = createApp({
    audit: await openAuditLog({ storage: createMemoryStorage(), clock: createClock(), log, maxFiles: 100 }),
    keys,
    docker,
    execution,
    version,
    auth: 'open',
    clock: createClock(),
    ids: createIds(),
    log,
    runtimeVersion: 'test',
    imageRegistry: 'dispatch',
    pullLimits: { timeoutMs: 120_000, maxBytes: 1024 ** 3, diskBytes: 0 },
    runtimeAliases: true,
    archivesDir: join(tmpdir(), `dispatch-archives-${randomUUID()}`),
    resyncMs: 3_600_000,
    drainTimeoutMs: 60_000,
    maxBodyBytes: 64 * 1024 * 1024,
    maxRemovalWaitMs: 60_000,
    machine: { memoryMebibytes: 4096, cores: 4 },
    readDisk: () => ({ freeBytes: 10 * 1024 ** 3, totalBytes: 40 * 1024 ** 3 }),
    runRetention: { ageMs: 0, count: 0 },
    eventRetention: { ageMs: 0, count: 0 },
    maxWaitingDeliveries: 1000,
    maxWaitingRuns: 100,
    drivers: driverOptions,
    builds: createBuildOptions(),
    ...options,
    store,
  })
  await app.start()
  t.teardown(async () => {
    await app.api.close()
    await app.endBuilds()
    await app.drain()
  })
  const checkAnswer = createAnswerCheck(app.operations)
  const call: TestApp['call'] = async (method, url, body, headers = {}) => {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = { ...defaultHeaders, ...type, ...headers }
    const response = await app.api.inject({ method: method as 'GET', url, headers: sent, ...payload })
    const text = response.body
    const { statusCode: status, headers: answered } = response
    checkAnswer({ method, url, status, text, contentType: answered['content-type'] })
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  const reach: TestApp['reach'] = (url, status, headers) =>
    until(`${url} is ${status}`, async () => {
      const answer = await call('GET', url, undefined, headers)
      return answer.body?.status === status && answer
    })
  return { app, docker, execution, store: createSealedStore({ store, fields: sealedFields, keys }), call, reach }
}

/** Seeds the two languages that have a runtime, as clients do, and waits for their images. */
export async function seed({ call, reach }: TestApp): Promise<void> {
  for (const language of ['nodejs', 'python3']) {
    await call('POST', '/v1/baseimage', {
      name: `${language}-base`,
      dockerUrl: `dispatchframework/${language}-base:1`,
      language,
    })
    await call('POST', '/v1/image', { name: language, baseImageName: `${language}-base` })
    await reach(`/v1/image/${language}`, 'READY')
  }
}
