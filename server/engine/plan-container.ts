/** Plans the Docker container of a runtime: what is mounted, how it is labelled, what it may use. Pure. */
import { dockerLabel } from '../core/docker-labels.ts'
import type { NetworkKind, RuntimeImage } from '../core/execution.ts'
import type { ContainerSpec, DockerImage, Mount } from '../docker/port.ts'
import { protocolVersion } from './messages.ts'
import type { EngineOptions } from './options.ts'

export const instanceLabel = dockerLabel('instance')
const languageLabel = dockerLabel('language')
const protocolLabel = dockerLabel('protocol')
const nodeLabel = dockerLabel('node')

export interface ContainerDirs {
  root: string
  socket: string
  code: string
}

/** Where the processes inside find what is outside; fixed by the runtimes' programs. */
const socketPath = '/run/dispatch'
const codePath = '/function'
const nodePath = '/usr/bin/node'

export interface ContainerRequest {
  id: string
  image: RuntimeImage
  network: NetworkKind
  dirs: ContainerDirs
}

/** Throws when the Docker image holds no runtime that this server can talk to. */
export function planContainer(
  { id, image, network, dirs }: ContainerRequest,
  found: DockerImage | undefined,
  options: Pick<EngineOptions, 'instanceId' | 'nodePath' | 'limits'>,
): ContainerSpec {
  const labels = labelsOf(image, found)
  const mounts: Mount[] = [
    { hostPath: dirs.socket, path: socketPath, readOnly: true },
    { hostPath: dirs.code, path: codePath, readOnly: true },
  ]
  if (labels[nodeLabel] === 'mounted') mounts.push({ hostPath: options.nodePath, path: nodePath, readOnly: true })
  const { memoryBytes, cpus, maxProcesses } = options.limits
  return {
    name: `dispatch-${options.instanceId.slice(0, 8)}-${id}`,
    dockerImage: image.dockerImage,
    command: [],
    // The only place that a function can write to.
    env: { HOME: '/tmp', LANG: 'C.UTF-8' },
    labels: { [instanceLabel]: options.instanceId },
    mounts,
    memoryBytes,
    cpus,
    maxProcesses,
    network,
  }
}

function labelsOf({ dockerImage, language }: RuntimeImage, found: DockerImage | undefined): Record<string, string> {
  if (!found) throw new Error(`the Docker image ${dockerImage} is not on this machine: load it with docker load`)
  const { labels } = found
  if (labels[languageLabel] !== language || labels[protocolLabel] !== String(protocolVersion)) {
    const actual = `language ${labels[languageLabel] ?? 'unknown'}, protocol ${labels[protocolLabel] ?? 'unknown'}`
    throw new Error(
      `the Docker image ${dockerImage} holds no ${language} runtime for this server (${actual}, needed: protocol ${protocolVersion}): build it again with this version`,
    )
  }
  return labels
}
