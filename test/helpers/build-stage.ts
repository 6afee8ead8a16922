/** A server whose builds a test conducts: it sees what they are given, and says what they print and how they end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { ContainerSpec } from '../../server/docker/port.ts'
import type { BuildOptions } from '../../server/image-builds.ts'
import type { End, Run } from './fake-containers.ts'
import { createFakeDocker, type FakeDocker } from './fake-docker.ts'
import { createBuildOptions, createTestApp, seed, type TestApp } from './test-app.ts'
import { until } from './wait.ts'

export interface Builder {
  spec: ContainerSpec
  files: Record<string, string>
  print(line: string): void
  end(how?: End): void
}

export interface Stage extends TestApp {
  begun: Builder[]
  options: BuildOptions
  /** The build that begins as the n-th. */
  builder(n: number): Promise<Builder>
  post(name: string, manifest: string): Promise<unknown>
  put(name: string, manifest: string): Promise<unknown>
}

const readFiles = ({ mounts }: ContainerSpec): Record<string, string> => {
  const { hostPath = '' } = mounts.find(({ path }) => path === '/run/dispatch/build') ?? {}
  return Object.fromEntries(readdirSync(hostPath).map(name => [name, readFileSync(join(hostPath, name), 'utf8')]))
}

export async function beginBuilds(
  t: ExecutionContext,
  fields: Partial<BuildOptions> = {},
  fakeDocker?: FakeDocker,
): Promise<Stage> {
  const begun: Builder[] = []
  const run: Run = (spec, end, print) => {
    begun.push({ spec, files: readFiles(spec), print: line => print('stdout', line), end })
    return () => undefined
  }
  const options = { ...createBuildOptions(), ...fields }
  const docker = fakeDocker ?? createFakeDocker(run)
  const app = await createTestApp(t, {}, { fakeDocker: docker, builds: options })
  await seed(app)
  const bodyOf = (name: string, manifest: string) => ({
    ...{ name, baseImageName: 'python3-base', runtimeDependencies: { manifest } },
  })
  return {
    ...app,
    begun,
    options,
    builder: n => until(`build ${n} has begun`, async () => begun[n - 1]),
    post: (name, manifest) => app.call('POST', '/v1/image', bodyOf(name, manifest)),
    put: (name, manifest) => app.call('PUT', `/v1/image/${name}`, bodyOf(name, manifest)),
  }
}

export const buildsOf = ({ docker }: Stage) =>
  docker.listContainers({ 'io.dispatchframework.solo.builds': '12345678-test' })
/** Waits until it is so. */
export const isClean = (stage: Stage) =>
  until('nothing is left of builds', async () => {
    const files = existsSync(stage.options.directory) ? readdirSync(stage.options.directory) : []
    return (await buildsOf(stage)).length === 0 && files.length === 0
  })
