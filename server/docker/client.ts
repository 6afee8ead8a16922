/** The client of Docker's HTTP API, and how its failures become ours; the only importer of dockerode. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { dockerFailure, dockerStatusOf } from './failure.ts'
import { type DockerHost, type Environment, parseDockerHost } from './host.ts'
import { replaceTransport } from './transport.ts'

export type DockerApi = Dockerode

export interface DockerClient {
  api: DockerApi
  /** `action` completes "Docker could not ...". */
  demand<T>(action: string, work: () => Promise<T>): Promise<T>
  /** `harmless`: statuses of Docker's answer after which all is as the caller wants it. */
  attempt<T>(action: string, work: () => Promise<T>, harmless: number[]): Promise<T | undefined>
}

/** Contacts nobody yet. Throws when the environment names an unusable host. */
export function createDockerClient(env: Environment): DockerClient {
  const host = parseDockerHost(env)
  const api = new Dockerode(clientOptions(host))
  replaceTransport(api.modem)

  async function demand<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      throw dockerFailure(action, host.url, thrown)
    }
  }

  return {
    api,
    demand,
    attempt: <T>(action: string, work: () => Promise<T>, harmless: number[]) =>
      demand<T | undefined>(action, () =>
        work().catch(thrown => {
          if (harmless.includes(dockerStatusOf(thrown) ?? 0)) return undefined
          throw thrown
        }),
      ),
  }
}

/** Never an `agent` among them: the client would print all of it for each request, which costs milliseconds. */
function clientOptions(host: DockerHost): Dockerode.DockerOptions {
  if (host.kind === 'unix') return { socketPath: host.socketPath }
  const { certificatesDir } = host
  if (certificatesDir === undefined) return { protocol: 'http', host: host.host, port: host.port }
  const read = (name: string) => readFileSync(join(certificatesDir, name))
  return {
    protocol: 'https',
    host: host.host,
    port: host.port,
    ca: read('ca.pem'),
    cert: read('cert.pem'),
    key: read('key.pem'),
  }
}

export const labelFilters = (labels: Record<string, string>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`)

export async function* chunksOf(stream: NodeJS.ReadableStream): AsyncIterable<Uint8Array | string> {
  for await (const chunk of stream) yield chunk
}
