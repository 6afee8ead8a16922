/** Who answers the same requests under load: floor.http, the peers, and the server in both languages, with its gateway. */
import type { Bar } from '../figure.ts'
import { type Language, languages } from '../functions.ts'
import type { Target } from '../load.ts'
import { openFloor, openFunctionsFramework, openWorkerd } from '../processes.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { prepareApi, prepareGreeter, startBenchServer } from '../server.ts'

export interface Contestant {
  /** Stands at the end of the names of its figures. */
  name: string
  about: string
  open(scope: Scope): Promise<Target>
  bars?: { rps: Bar[]; p99: Bar[]; p50: Bar[] }
  /** Floor reported beside the calls that come one after the other. */
  beside?: string
}

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

const bars = {
  rps: [
    { atLeast: 0.75, times: 'floor.http.c32.rps' },
    { atLeast: 1.2, times: 'peer.c32.rps.functions-framework' },
    { atLeast: 0.9, times: 'peer.c32.rps.workerd' },
  ],
  p99: [{ atMost: 3, times: 'floor.http.c32.p99' }],
  p50: [{ atMost: 1.5, times: 'floor.http.c1.p50' }],
}

const runsOf = (language: Language): Contestant => ({
  name: `runs.*.${language}`,
  about: `blocking, durable runs of the ${language} example`,
  open: async scope => prepareGreeter(await openServer(scope), `bench-${language}`, language),
  bars,
  beside: `floor.worker.c1.p50.${language}`,
})

const byGatewayOf = (language: Language): Contestant => ({
  name: `gateway.*.${language}`,
  about: `the ${language} example behind an API of the gateway`,
  open: async scope => {
    const server = await openServer(scope)
    await prepareGreeter(server, `api-${language}`, language)
    return prepareApi(server, `api-${language}`)
  },
  bars: {
    rps: [{ atLeast: 0.85, times: `runs.c32.rps.${language}` }],
    p99: [],
    p50: [{ atMost: 1.3, times: `runs.c1.p50.${language}` }],
  },
})

export const contestants: Contestant[] = [
  { name: 'floor.http.*', about: 'a fastify route that stores one durable row, no engine', open: openFloor },
  {
    name: 'peer.*.functions-framework',
    about: 'the nodejs example on functions-framework: no container, no record',
    open: openFunctionsFramework,
  },
  { name: 'peer.*.workerd', about: 'the nodejs example on workerd: no container, no record', open: openWorkerd },
  ...languages.map(runsOf),
  ...languages.map(byGatewayOf),
]
