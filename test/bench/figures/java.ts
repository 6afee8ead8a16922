/** Functions in Java: warm calls beside those of python3, and new functions from a full pool. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { applyLoad, forMs, type Target } from '../load.ts'
import { deleteFunction } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { prepareGreeter, startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'
import { quantile } from '../statistics.ts'
import { timeFirstAnswer } from './create.ts'

const rounds = 5
const callsMs = 2000
const readyARound = 10

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope, { awaited: ['python3', 'nodejs', 'java'] }))

const about = 'blocking, durable runs, one after the other, of the'
const floor: Figure = { name: 'java.warm.p50.python3', unit: 'ms', about: `${about} python3 example` }
const warm: Figure = {
  name: 'java.warm.p50',
  unit: 'ms',
  about: `${about} java example`,
  bars: [{ atMost: 2, times: floor.name }],
}
const ready: Figure = {
  name: 'java.create.ready',
  unit: 'ms',
  about: 'POST of a java function to READY, machine at rest, pool full',
  statistic: 'p50',
  bars: [{ atMost: 150 }],
}

async function timeCalls(target: Target): Promise<number> {
  const { latenciesMs } = await applyLoad(target, { connections: 1, goesOn: forMs(callsMs) })
  return quantile(latenciesMs, 0.5)
}

const warmCalls: Measurement = {
  figures: [floor, warm],
  prepare: async scope => {
    const server = await openServer(scope)
    const plain = await prepareGreeter(server, 'warm-python3', 'python3')
    const target = await prepareGreeter(server, 'warm-java', 'java')
    // A virtual machine compiles what is called often: who waits for an answer meets it warm.
    await timeCalls(target)
    return async () => ({ [floor.name]: await timeCalls(plain), [warm.name]: await timeCalls(target) })
  },
}

const fromPool: Measurement = {
  figures: [ready],
  prepare: async scope => {
    const server = await openServer(scope)
    let created = 0
    return async () => {
      const samples: number[] = []
      while (samples.length < readyARound) {
        await settle()
        created += 1
        const name = `new-java-${created}`
        samples.push((await timeFirstAnswer(server, name, 'java')).readyMs)
        await server.reachRefill()
        await deleteFunction(server.rest, name)
      }
      return { [ready.name]: samples }
    }
  },
}

export const java: Group = { name: 'java', rounds, measurements: [warmCalls, fromPool] }
