/** Plans the container in which the programs of a runtime install packages, and the files that they read there. Pure. */
import { buildInstanceLabel, buildLabel, buildsLabel, dockerLabel } from '../core/docker-labels.ts'
import type { ContainerSpec, Mount } from '../docker/port.ts'
import { type BuildRequest, renderSystemPackages } from './content.ts'

/** Where packages come from; absent: where the programs would look by themselves. May hold credentials. */
export interface BuildSettings {
  pipIndexUrl?: string
  npmRegistry?: string
  mavenRepository?: string
  /** Lines of apt's sources.list. */
  debianMirror?: string
  proxy?: string
}

export interface BuildLimits {
  memoryBytes: number
  /** What the packages may take on the disk, with all that is needed on the way. */
  diskBytes: number
  timeoutMs: number
}

const nodeLabel = dockerLabel('node')

/** Fixed by the programs of the runtimes. */
const filesPath = '/run/dispatch/build'
const nodePath = '/usr/bin/node'
const programs = { system: '/runtime/install-system', packages: '/runtime/install-packages' }

const maxProcesses = 512
const logBytes = 4 * 1024 * 1024

/** What a build is known by in Docker. */
export const labelsOfBuild = (instanceId: string, { hash }: BuildRequest): Record<string, string> => ({
  [buildLabel]: hash,
  [buildInstanceLabel]: instanceId,
})

/**
 * Begins each program with a line that says so, and ends with the first one that fails. All is printed to one stream, for Docker keeps
 * no order between two.
 */
const script = `
exec 2>&1
count=0
for program in "$@"; do
  count=$((count + 1))
  echo "Step $count/$# : \${program##*/}"
  [ -x "$program" ] || { echo "this runtime has no program $program, so it takes no such packages"; exit 1; }
  "$program" || exit
done`

export interface BuildPlace {
  name: string
  instanceId: string
  /** Directory of this machine with the files of `renderBuildFiles`. */
  filesDir: string
  /** Node binary of this machine. */
  nodePath: string
  cpus: number
  memoryBytes: number
}

export function planBuildContainer(request: BuildRequest, place: BuildPlace): ContainerSpec {
  const { dockerImage } = request.base
  const mounts: Mount[] = [{ hostPath: place.filesDir, path: filesPath, readOnly: true }]
  if (dockerImage.labels[nodeLabel] === 'mounted')
    mounts.push({ hostPath: place.nodePath, path: nodePath, readOnly: true })
  const wanted = [
    ...(request.systemPackages.length > 0 ? [programs.system] : []),
    ...(request.manifest.trim() === '' ? [] : [programs.packages]),
  ]
  return {
    name: place.name,
    profile: 'build',
    dockerImage: dockerImage.id,
    command: ['/bin/sh', '-c', script, 'build', ...wanted],
    env: { HOME: '/root', LANG: 'C.UTF-8' },
    labels: { [buildsLabel]: place.instanceId },
    mounts,
    memoryBytes: place.memoryBytes,
    cpus: place.cpus,
    maxProcesses,
    network: 'egress',
    logBytes,
  }
}

/** Name to content. Files, because Docker shows environment and arguments of a container to whoever asks. */
export function renderBuildFiles(
  request: BuildRequest,
  { settings, caPem }: { settings: BuildSettings; caPem: string | undefined },
): Record<string, string> {
  return {
    'packages.txt': request.manifest,
    'system-packages.txt': renderSystemPackages(request),
    'settings.json': `${JSON.stringify(settings)}\n`,
    ...(caPem !== undefined && { 'ca.pem': caPem }),
  }
}
