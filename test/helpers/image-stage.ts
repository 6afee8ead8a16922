/** A server in this process whose images are built by real Docker, while its functions are scripted. */

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import manifest from '../../package.json' with { type: 'json' }
import type { Docker } from '../../server/docker/port.ts'
import type { BuildOptions } from '../../server/image-builds.ts'
import { createRealDocker } from './real-docker.ts'
import { runtimeImage } from './runtime-images.ts'
import { createBuildOptions, createTestApp, type TestApp } from './test-app.ts'
import { until } from './wait.ts'

const scripted = fileURLToPath(new URL('../fixtures/scripted-runtime/', import.meta.url))
const run = promisify(execFile)

/** What a command on this machine prints. */
export const printed = async (command: string, ...args: string[]): Promise<string> => (await run(command, args)).stdout

/** A runtime whose program to install packages runs the manifest as a script of the shell. Stays on the machine. */
export async function buildScriptedRuntime(): Promise<string> {
  const reference = 'dispatch-test/scripted-runtime:1'
  const base = `BASE=${runtimeImage('python3').dockerImage}`
  await printed('docker', 'build', '--quiet', '--tag', reference, '--build-arg', base, scripted)
  return reference
}

export interface ImageStage extends Omit<TestApp, 'docker'> {
  docker: Docker
  instanceId: string
  /** Creates or replaces a base image and waits for it. */
  addBase(name: string, dockerUrl: string): Promise<void>
  send(
    method: 'POST' | 'PUT',
    image: { name: string; base: string; manifest?: string; packages?: object[] },
  ): Promise<void>
  /** Resolves when Docker and the disk hold nothing of a build under way. */
  isClean(): Promise<unknown>
}

export interface ImageStageOptions {
  builds?: Partial<BuildOptions>
  /** Of a stage of before, whose server is no more. */
  instanceId?: string
}

export async function createImageStage(
  t: ExecutionContext,
  { builds = {}, instanceId = randomUUID() }: ImageStageOptions = {},
): Promise<ImageStage> {
  const docker = createRealDocker()
  const root = await mkdtemp(join(tmpdir(), 'dispatch-images-'))
  const directory = join(root, 'builds')
  // Teardowns run last first: the server is closed before.
  t.teardown(async () => {
    const built = await docker.listImages({ 'io.dispatchframework.solo.build-instance': instanceId })
    for (const { id } of built) await docker.removeImage(id)
    await docker.removeNetworks({ 'io.dispatchframework.solo.instance': instanceId })
    await rm(root, { recursive: true, force: true })
  })
  const limits = { memoryBytes: 1024 ** 3, diskBytes: 1024 ** 3, timeoutMs: 170_000 }
  const options = { ...createBuildOptions(), nodePath: process.execPath, limits, diskCheckMs: 100, ...builds }
  const app = await createTestApp(
    t,
    {},
    { docker, runtimeVersion: manifest.version, builds: { ...options, instanceId, directory } },
  )
  return {
    ...app,
    docker,
    instanceId,
    addBase: async (name, dockerUrl) => {
      await app.call('POST', '/v1/baseimage', { name, dockerUrl, language: 'python3' })
      await app.reach(`/v1/baseimage/${name}`, 'READY')
    },
    send: async (method, { name, base, manifest: text = '', packages }) => {
      const body = {
        ...{ name, baseImageName: base, runtimeDependencies: { manifest: text } },
        ...(packages && { systemDependencies: { packages } }),
      }
      const { status, text: answer } = await app.call(
        method,
        method === 'POST' ? '/v1/image' : `/v1/image/${name}`,
        body,
      )
      if (status >= 300) throw new Error(answer)
    },
    isClean: () =>
      until('nothing is left of builds', async () => {
        const left = await docker.listContainers({ 'io.dispatchframework.solo.builds': instanceId })
        return left.length === 0 && (!existsSync(directory) || (await readdir(directory)).length === 0)
      }),
  }
}
