/** Owns what a container of ours may do: next to nothing. The one place where the limits of every container are set. */
import type { ContainerSpec, PublishedPort } from './port.ts'

/** nobody:nogroup of Debian; no file in an image or on the machine is written for it. */
const user = '65534:65534'
const bind: 'bind' = 'bind'
const mebibyte = 1024 * 1024
const tmpBytes = 64 * mebibyte
/** Of /dev/shm, which Python's multiprocessing needs. */
const sharedMemoryBytes = 16 * mebibyte

/**
 * The body of Docker's create request; `network` is a name that Docker knows. Its default seccomp profile stays on: it applies because no other one is named.
 */
export function planCreateRequest(spec: ContainerSpec, network: string) {
  return {
    name: spec.name,
    Image: spec.dockerImage,
    ...(spec.command.length > 0 ? { Cmd: spec.command } : {}),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: spec.labels,
    User: user,
    ...(spec.publish && { ExposedPorts: { [portKeyOf(spec.publish)]: {} } }),
    HostConfig: {
      // Collects the processes that a function leaves behind, so that they do not count against its limit for ever.
      Init: true,
      NetworkMode: network,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: spec.maxProcesses,
      Memory: spec.memoryBytes,
      // Equal to memory: no swap on top of it.
      MemorySwap: spec.memoryBytes,
      NanoCpus: Math.round(spec.cpus * 1e9),
      Tmpfs: { '/tmp': `rw,noexec,nosuid,nodev,size=${tmpBytes},mode=1777` },
      IpcMode: 'private',
      ShmSize: sharedMemoryBytes,
      LogConfig: planLog(spec.logBytes),
      ...(spec.publish && planPublication(spec.publish)),
      Mounts: spec.mounts.map(mount => ({
        Type: bind,
        Source: mount.hostPath,
        Target: mount.path,
        ReadOnly: mount.readOnly,
      })),
    },
  }
}

export const portKeyOf = ({ port }: Pick<PublishedPort, 'port'>): string => `${port}/tcp`

const planPublication = (published: PublishedPort) => ({
  PortBindings: {
    [portKeyOf(published)]: [{ HostIp: published.hostAddress, HostPort: String(published.hostPort || '') }],
  },
  // Whoever has no rights may listen on a port below 1024 all the same, in the container's own network.
  Sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0' },
})

const planLog = (logBytes: number | undefined) =>
  logBytes === undefined
    ? { Type: 'none', Config: {} }
    : { Type: 'local', Config: { 'max-size': `${logBytes}b`, 'max-file': '1', compress: 'false' } }
