/** Owns what a container of ours may do: next to nothing. The one place where the limits of every container are set. */
import type { ContainerProfile, ContainerSpec, PublishedPort } from './port.ts'

const bind: 'bind' = 'bind'
const mebibyte = 1024 * 1024
const tmpBytes = 64 * mebibyte
/** Of /dev/shm, which Python's multiprocessing needs. */
const sharedMemoryBytes = 16 * mebibyte

interface Profile {
  /** Absent: that of the image. */
  user?: string
  writableRoot: boolean
  capabilities: string[]
}

/** What a program needs to own files and processes of several users among its own, and to become one of them. */
const ownUsers = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETUID']

const profiles: Record<ContainerProfile, Profile> = {
  // nobody:nogroup of Debian; no file in an image or on the machine is written for it.
  function: { user: '65534:65534', writableRoot: false, capabilities: [] },
  // Debian's packages set bits for groups, and apt changes its root.
  build: { user: '0:0', writableRoot: true, capabilities: [...ownUsers, 'FSETID', 'SYS_CHROOT'] },
  // Images were made for Docker's own rights; those that begin as root often go on as somebody else.
  foreign: { writableRoot: true, capabilities: ownUsers },
}

/**
 * The body of Docker's create request; `network` is a name that Docker knows. Its default seccomp profile stays on: it applies because no other one is named.
 */
export function planCreateRequest(spec: ContainerSpec, network: string) {
  const { user, writableRoot, capabilities } = profiles[spec.profile ?? 'function']
  return {
    name: spec.name,
    Image: spec.dockerImage,
    ...planCommand(spec),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: spec.labels,
    ...(user !== undefined && { User: user }),
    ...(spec.publish && { ExposedPorts: { [portKeyOf(spec.publish)]: {} } }),
    HostConfig: {
      // Collects the processes that a function leaves behind, so that they do not count against its limit for ever.
      Init: true,
      NetworkMode: network,
      ReadonlyRootfs: !writableRoot,
      CapDrop: ['ALL'],
      CapAdd: capabilities,
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: spec.maxProcesses,
      // What a crash leaves would hold secrets.
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Memory: spec.memoryBytes,
      // Equal to memory: no swap on top of it.
      MemorySwap: spec.memoryBytes,
      NanoCpus: Math.round(spec.cpus * 1e9),
      // An image may hold files in /tmp, which a mount there would hide.
      Tmpfs: writableRoot ? {} : { '/tmp': `rw,noexec,nosuid,nodev,size=${tmpBytes},mode=1777` },
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

/** A build's is the entrypoint, with nothing after it: an image that is made of the container can then have neither, as its own. */
const planCommand = ({ command, profile }: ContainerSpec) => {
  if (profile === 'build') return { Entrypoint: command, Cmd: [] }
  return command.length > 0 ? { Cmd: command } : {}
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
