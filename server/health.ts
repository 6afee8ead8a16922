/** Whether the server can do its work: Docker answers, and the store can be read. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Collections } from './collections.ts'
import { messageOf } from './core/errors.ts'
import type { Docker } from './docker/port.ts'
import type { Health } from './http/health.ts'

export interface HealthDependencies {
  docker: Pick<Docker, 'version'>
  functions: Pick<Collections['functions'], 'get'>
  certificateProblem?: () => string | undefined
}

const timeoutMs = 5000

/** Why the work fails, or takes too long; undefined when it does neither. */
async function failureOf(name: string, work: Promise<unknown>): Promise<string | undefined> {
  const late = pause(timeoutMs, `${name} does not answer`, { ref: false })
  return Promise.race([work.then(() => undefined, messageOf), late])
}

export function createHealth({ docker, functions, certificateProblem }: HealthDependencies): () => Promise<Health> {
  return async () => {
    const [dockerFailure, storeFailure] = await Promise.all([
      failureOf('Docker', docker.version()),
      failureOf('the store', functions.get('', '')),
    ])
    const tls = certificateProblem?.()
    return {
      warnings: { ...(tls !== undefined && { tls }) },
      failures: {
        ...(dockerFailure !== undefined && { docker: dockerFailure }),
        ...(storeFailure !== undefined && { store: storeFailure }),
      },
    }
  }
}
