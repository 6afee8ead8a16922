/** What the bench measures, and the floor of each figure. */
import { execFile, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import type { Measurement } from './figure.ts'
import { applyLoad, type LoadRequest, quantile } from './load.ts'

const run = promisify(execFile)
const loadMs = 4000

const runRequest = (origin: string, functionName: string): LoadRequest => ({
  origin,
  path: `/v1/runs?functionName=${functionName}`,
  method: 'POST',
  headers: { cookie: 'cookie', 'x-dispatch-org': 'dispatch', 'content-type': 'application/json' },
  body: JSON.stringify({ blocking: true, input: { name: 'Jon', place: 'Winterfell' } }),
})

const timeMs = async (work: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

const reachReady = ({ cli }: LiveServer, type: string, name: string): Promise<unknown> =>
  until(`${type} ${name} is READY`, async () => {
    const { stdout } = await cli('get', type, name, '-o', 'json')
    if (stdout.includes('"ERROR"')) throw new Error(stdout)
    return stdout.includes('"READY"')
  })

const example = (language: string, file: string): string =>
  fileURLToPath(new URL(`../../server/runtimes/${language}/example/${file}`, import.meta.url))
const examples: Record<string, string> = {
  python3: example('python3', 'hello.py'),
  nodejs: example('nodejs', 'hello.js'),
}

/** A server with both languages seeded and one function of each, ready to be called. */
export async function prepareServer(): Promise<LiveServer> {
  const server = await startLiveServer()
  await server.cli('create', 'seed-images')
  for (const [language, path] of Object.entries(examples)) {
    await reachReady(server, 'image', language)
    await server.cli('create', 'function', `hello-${language}`, path, '--image', language)
    await reachReady(server, 'function', `hello-${language}`)
  }
  return server
}

export interface FloorServer {
  url: string
  stop(): void
}

export async function startFloorServer(): Promise<FloorServer> {
  const child = fork(fileURLToPath(new URL('floor-server.mjs', import.meta.url)))
  const port = await new Promise(resolve => child.once('message', resolve))
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() }
}

function loadFigures(server: LiveServer, floor: FloorServer, language: string): Measurement[] {
  const load = async (origin: string, connections: number) =>
    applyLoad(runRequest(origin, `hello-${language}`), { connections, durationMs: loadMs })
  const suffix = language === 'python3' ? '' : `.${language}`
  const p50 = async (origin: string) => quantile((await load(origin, 1)).latenciesMs, 0.5)
  const rps = async (origin: string) => (await load(origin, 32)).perSecond
  const shared = { rounds: 3, bar: null, floorIs: 'bare node:http answering a run of like size' }
  return [
    {
      ...shared,
      name: `runs.c1.p50${suffix}`,
      unit: 'ms',
      higherIsBetter: false,
      measure: () => p50(server.url),
      measureFloor: () => p50(floor.url),
    },
    {
      ...shared,
      name: `runs.c32.rps${suffix}`,
      unit: '1/s',
      higherIsBetter: true,
      measure: () => rps(server.url),
      measureFloor: () => rps(floor.url),
    },
  ]
}

function createFigure(server: LiveServer, language: string): Measurement {
  let count = 0
  const path = examples[language] ?? ''
  const create = async (): Promise<void> => {
    count += 1
    const name = `bench-${language}-${count}`
    const { code, stderr } = await server.cli('create', 'function', name, path, '--image', language)
    if (code !== 0) throw new Error(stderr)
    await reachReadyByRest(server, name)
  }
  return {
    name: `create.ready.${language}`,
    unit: 'ms',
    rounds: 9,
    bar: null,
    higherIsBetter: false,
    floorIs: 'dispatch get function through the CLI',
    measure: () => timeMs(create),
    measureFloor: () => timeMs(() => server.cli('get', 'function')),
  }
}

async function reachReadyByRest({ url }: LiveServer, name: string): Promise<void> {
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
  await until(`${name} is READY`, async () => {
    const body = await (await fetch(`${url}/v1/function/${name}`, { headers })).text()
    if (body.includes('"ERROR"')) throw new Error(body)
    return body.includes('"READY"')
  })
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

export function planMeasurements(server: LiveServer, floor: FloorServer): Measurement[] {
  const nodeStart = () => timeMs(() => run(process.execPath, ['-e', '0']))
  const serverStart = async (): Promise<number> => {
    let started: LiveServer | undefined
    const elapsedMs = await timeMs(async () => {
      started = await startLiveServer()
    })
    await started?.stop()
    return elapsedMs
  }
  const cliStart = () => timeMs(() => run(process.execPath, [join(dist, 'dispatch'), 'help']))
  const start = { unit: 'ms', bar: null, higherIsBetter: false, floorIs: 'node -e 0', measureFloor: nodeStart }
  return [
    ...loadFigures(server, floor, 'python3'),
    ...loadFigures(server, floor, 'nodejs'),
    createFigure(server, 'python3'),
    createFigure(server, 'nodejs'),
    { ...start, name: 'server.start', rounds: 7, measure: serverStart },
    { ...start, name: 'cli.start', rounds: 15, measure: cliStart },
  ]
}
