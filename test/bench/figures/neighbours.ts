/** A function that takes all it can get, and how long the calls of its neighbour take meanwhile. */
import { harmfulSource, harms } from '../../helpers/harms.ts'
import { startLiveServer } from '../../helpers/live-server.ts'
import { startOwnDocker } from '../../helpers/own-docker.ts'
import type { Figure, Group, Measurement } from '../figure.ts'
import { createFunction } from '../functions.ts'
import { applyLoad, forMs } from '../load.ts'
import { createRest, runPath } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { prepareGreeter, seedImages } from '../server.ts'
import { quantile } from '../statistics.ts'

const rounds = 5
const connections = 4
const undisturbedMs = 3000
/** The harm is cut by its own timeout, so that it goes on for longer than the load. */
const disturbedMs = 3000
const timeout = 5000

/** On a Docker engine of its own: whatever the harm leaves behind goes with it. */
const openStage = oncePerScope(async (scope: Scope) => {
  const own = await startOwnDocker()
  scope.defer(own.close)
  const live = await startLiveServer({ env: own.env })
  scope.defer(() => live.stop())
  const rest = createRest(live.url)
  scope.defer(() => rest.close())
  await seedImages(live, rest)
  await createFunction(rest, { name: 'harmful', language: 'python3', source: harmfulSource, timeout })
  return { rest, target: await prepareGreeter({ live, rest }, 'neighbour', 'python3') }
})

const beside = (harm: string): Measurement => {
  const name = harm.replace(' ', '-')
  const about = `${connections} connections calling a python3 function`
  const calm: Figure = { name: `neighbours.undisturbed.p99.${name}`, unit: 'ms', about: `${about}, just before` }
  const p99: Figure = {
    name: `neighbours.p99.${name}`,
    unit: 'ms',
    about: `${about} beside a ${harm}`,
    bars: [{ atMost: 3, times: calm.name }],
  }
  return {
    figures: [calm, p99],
    prepare: async scope => {
      const { rest, target } = await openStage(scope)
      return async () => {
        const undisturbed = await applyLoad(target, { connections, goesOn: forMs(undisturbedMs) })
        const harmed = rest.send('POST', runPath('harmful'), { blocking: true, input: { do: harm } })
        const disturbed = await applyLoad(target, { connections, goesOn: forMs(disturbedMs) })
        const ended = await harmed
        if (!ended.includes('"status":"ERROR"')) throw new Error(`the ${harm} did no harm: ${ended}`)
        return {
          [calm.name]: quantile(undisturbed.latenciesMs, 0.99),
          [p99.name]: quantile(disturbed.latenciesMs, 0.99),
        }
      }
    },
  }
}

export const neighbours: Group = { name: 'neighbours', rounds, measurements: harms.map(beside) }
