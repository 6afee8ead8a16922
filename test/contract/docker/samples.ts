/** What the cases of the Docker port are tried with. */
import { randomUUID } from 'node:crypto'
import type { ExecutionContext } from 'ava'
import type { ContainerSpec, Docker } from '../../../server/docker/port.ts'

/** What a container is started with. */
export type Runnable = Pick<ContainerSpec, 'dockerImage' | 'command'>

export interface DockerCases {
  docker: Docker
  /** Puts a small image onto the machine. */
  addImage(reference: string, labels: Record<string, string>): Promise<void>
  /** Lasts longer than the tests. */
  runnable: Runnable
  /** Prints lines that end with 1, ä and 3, the second one on stderr, and ends with 7. */
  ending: Runnable
}

export const uniqueLabels = () => ({ 'io.dispatchframework.solo.test': randomUUID() })

export const uniqueReference = () => `dispatch-test/${randomUUID()}:1`

export const containerSpec = (changes: Runnable & Partial<ContainerSpec>): ContainerSpec => ({
  name: `dispatch-test-${randomUUID()}`,
  env: {},
  labels: {},
  mounts: [],
  memoryBytes: 64 * 1024 * 1024,
  cpus: 0.5,
  maxProcesses: 32,
  network: 'none',
  ...changes,
})

/** An image under a name of its own, until the end of the test. */
export async function addedImage(
  t: ExecutionContext,
  { docker, addImage }: DockerCases,
  labels: Record<string, string> = {},
): Promise<string> {
  const reference = uniqueReference()
  await addImage(reference, labels)
  t.teardown(() => docker.removeImage(reference))
  return reference
}
