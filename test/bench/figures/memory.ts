/** Memory of an idle server, and of an idle warm function of each language. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { createFunction, type Language, languages } from '../functions.ts'
import { containerMegabytes, residentMegabytes } from '../memory.ts'
import { greet } from '../rest.ts'
import { inScope } from '../scope.ts'
import { startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'

const callsBefore = 20

const server: Figure = {
  name: 'memory.server',
  unit: 'MB',
  about: 'resident memory of an idle server with full pools',
  bars: [{ atMost: 110 }],
}

const ofServer: Measurement = {
  figures: [server],
  prepare: async () => () =>
    inScope(async scope => {
      const { live } = await startBenchServer(scope)
      return { [server.name]: residentMegabytes(live.pid) }
    }),
}

const ofFunction = (language: Language, atMost: number): Measurement => {
  const name = `memory.function.${language}`
  const about = `an idle warm ${language} function: its container's cgroup without inactive page cache`
  return {
    figures: [{ name, unit: 'MB', about, bars: [{ atMost }] }],
    prepare: async () => () =>
      inScope(async scope => {
        const { rest, containers } = await startBenchServer(scope, { args: ['--pool-size', '0'] })
        await createFunction(rest, { name: 'warm', language })
        for (let call = 0; call < callsBefore; call += 1) await greet(rest, 'warm')
        await settle()
        const [id, ...others] = await containers()
        if (id === undefined || others.length > 0) throw new Error('not exactly one container runs')
        return { [name]: await containerMegabytes(id) }
      }),
  }
}

const limits: Record<Language, number> = { python3: 14, nodejs: 45 }

export const memory: Group = {
  name: 'memory',
  rounds: 5,
  measurements: [ofServer, ...languages.map(language => ofFunction(language, limits[language]))],
}
