/** Updates of a function under load: no call fails, and how long the calls take meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../helpers/wait.ts'
import type { Figure, Group, Measurement } from '../figure.ts'
import { functionBody, greetingSource, type Language, languages } from '../functions.ts'
import { applyLoad, forMs } from '../load.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { type BenchServer, prepareGreeter, startBenchServer } from '../server.ts'
import { quantile } from '../statistics.ts'

const rounds = 5
/** In each round; 20 updates and 20,000 calls in all. */
const updatesARound = 4
const callsARound = 4000
const betweenMs = 600
const undisturbedMs = 2000
const connections = 32

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))
const comment: Record<Language, string> = { python3: '#', nodejs: '//' }

/** The same function with another code each time. */
async function updateOnce({ rest }: BenchServer, name: string, language: Language): Promise<void> {
  const source = `${comment[language]} ${performance.now()}\n${greetingSource(language)}`
  const path = `/v1/function/${name}`
  await rest.send('PUT', path, await functionBody({ name, language, source }))
  await until('the update is READY', async () => {
    const text = await rest.send('GET', path)
    if (text.includes('"status":"ERROR"')) throw new Error(text)
    return text.includes('"status":"READY"')
  })
}

async function updateOften(server: BenchServer, name: string, language: Language): Promise<void> {
  for (let update = 0; update < updatesARound; update += 1) {
    await pause(betweenMs)
    await updateOnce(server, name, language)
  }
}

const underUpdates = (language: Language): Measurement => {
  const about = `32 connections calling a ${language} function`
  const calm: Figure = { name: `update.undisturbed.p99.${language}`, unit: 'ms', about }
  const p99: Figure = {
    name: `update.p99.${language}`,
    unit: 'ms',
    about: `${about} while it is updated ${updatesARound} times a round`,
    bars: [{ atMost: 5, times: calm.name }],
  }
  return {
    figures: [calm, p99],
    prepare: async scope => {
      const server = await openServer(scope)
      const name = `updated-${language}`
      const target = await prepareGreeter(server, name, language)
      return async () => {
        const undisturbed = await applyLoad(target, { connections, goesOn: forMs(undisturbedMs) })
        let isUpdated = false
        const updates = updateOften(server, name, language).finally(() => {
          isUpdated = true
        })
        const goesOn = (calls: number) => !isUpdated || calls < callsARound
        const [disturbed] = await Promise.all([applyLoad(target, { connections, goesOn }), updates])
        return {
          [calm.name]: quantile(undisturbed.latenciesMs, 0.99),
          [p99.name]: quantile(disturbed.latenciesMs, 0.99),
        }
      }
    },
  }
}

export const update: Group = { name: 'update', rounds, measurements: languages.map(underUpdates) }
