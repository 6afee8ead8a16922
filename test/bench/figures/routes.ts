/** Whether the gateway finds one API among ten thousand as fast as the only one. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { applyLoad, forMs } from '../load.ts'
import { prepareApi, prepareGreeter, startBenchServer } from '../server.ts'
import { quantile } from '../statistics.ts'

const many = 10_000
const oneMs = 2000
const batch = 8

const figureOf = (count: number, bars: Figure['bars'] = []): Figure => ({
  name: `gateway.c1.p50.routes-${count}`,
  unit: 'ms',
  about: `the nodejs example by the gateway, one call after the other, with ${count} APIs`,
  bars,
})

const amongOf = (count: number, figure: Figure): Measurement => ({
  figures: [figure],
  prepare: async scope => {
    const server = await startBenchServer(scope)
    await prepareGreeter(server, 'routes', 'nodejs')
    for (let first = 1; first < count; first += batch)
      await Promise.all(
        Array.from({ length: Math.min(batch, count - first) }, (_, index) => {
          const api = { name: `route-${first + index}`, function: 'routes', enabled: true }
          return server.rest.send('POST', '/v1/api', { ...api, uris: [`/some/path/${first + index}`] })
        }),
      )
    const target = await prepareApi(server, 'routes')
    return async () => {
      const { latenciesMs } = await applyLoad(target, { connections: 1, goesOn: forMs(oneMs) })
      return { [figure.name]: quantile(latenciesMs, 0.5) }
    }
  },
})

const one = figureOf(1)

export const routes: Group = {
  name: 'gateway routes',
  rounds: 5,
  measurements: [amongOf(1, one), amongOf(many, figureOf(many, [{ atMost: 1.2, times: one.name }]))],
}
