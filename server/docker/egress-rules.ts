/** Owns what closes the bridges of containers with a network: names, how Docker makes them, and the host's rules for what comes from them. Pure. */
import { createHash } from 'node:crypto'
import { buildsLabel, dockerLabel } from '../core/docker-labels.ts'

export const instanceLabel = dockerLabel('instance')
/** Of what belongs to the drivers of an instance: the engine, which clears away what has the other one, knows none of it. */
export const driversLabel = dockerLabel('drivers')
const rulesLabel = dockerLabel('rules')

const bind: 'bind' = 'bind'
const hostRoot = '/host'

export type BridgeKind = 'egress' | 'driver' | 'foreign' | 'closed'

interface Bridge {
  prefix: string
  label: string
  otherLabels?: string[]
  /** Ports of containers, whose answers this machine gets. */
  answeringPorts: number[]
  /** Without a way out. */
  internal?: true
}

/** Of a foreign image: its program, and the one behind that which runs the function. */
const foreignPorts = [8080, 9000]

/** `provisioning/rootfs/etc/nftables.conf` knows prefixes and ports. */
const bridges: Record<BridgeKind, Bridge> = {
  egress: { prefix: 'dispatch-', label: instanceLabel, otherLabels: [buildsLabel], answeringPorts: [] },
  driver: { prefix: 'dispatchd-', label: driversLabel, answeringPorts: [80] },
  foreign: { prefix: 'dispatchf-', label: instanceLabel, answeringPorts: foreignPorts },
  closed: { prefix: 'dispatchc-', label: instanceLabel, answeringPorts: foreignPorts, internal: true },
}
const maxNameLength = 15

export const bridgeLabelOf = (kind: BridgeKind): string => bridges[kind].label

/** Of a container that goes onto the network; throws when it is labelled with none. */
export function instanceOf(labels: Record<string, string>, kind: BridgeKind): string {
  const { label, otherLabels = [] } = bridges[kind]
  const instanceId = [label, ...otherLabels].map(name => labels[name]).find(Boolean)
  if (instanceId === undefined)
    throw new Error(`a container with the network ${kind} names its instance by the label ${label}`)
  return instanceId
}

/**
 * One name for the network, its bridge and its chain, so that whoever sees one of them finds the others. A network interface
 * may have 15 characters.
 */
export const networkNameOf = (instanceId: string, kind: BridgeKind = 'egress'): string =>
  (bridges[kind].prefix + createHash('sha256').update(instanceId).digest('hex')).slice(0, maxNameLength)

/** The body of Docker's request to create the network. */
export const planNetwork = (instanceId: string, kind: BridgeKind = 'egress') => ({
  Name: networkNameOf(instanceId, kind),
  CheckDuplicate: true,
  Driver: 'bridge',
  EnableIPv6: false,
  Internal: bridges[kind].internal ?? false,
  Labels: { [bridgeLabelOf(kind)]: instanceId },
  Options: {
    'com.docker.network.bridge.name': networkNameOf(instanceId, kind),
    'com.docker.network.bridge.enable_icc': 'false',
    'com.docker.network.bridge.enable_ip_masquerade': 'true',
  },
})

export type NetworkRequest = ReturnType<typeof planNetwork>

const prelude = `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
ipv4() { iptables -w 10 -t raw "$@"; }
ipv6() { ip6tables -w 10 -t raw "$@"; }
`

/** A port of this machine that is let through. */
export interface Opening {
  address: string
  port: number
}

const renderOpening = (name: string, { address, port }: Opening): string =>
  `\n-A ${name} -d ${address}/32 -p tcp --dport ${port} -j RETURN`

/** Before connections are tracked: a packet that opens none is known by its flags. */
const renderAnswers = (name: string, port: number): string => `\n-A ${name} -p tcp --sport ${port} ! --syn -j RETURN`

/**
 * Shell text that closes the bridge, however often it runs, and never leaves it open in between. The table `raw` comes before
 * all others and before addresses are rewritten: Docker, which orders its own chains anew at each start, leaves it alone, and
 * no rule that accepts comes first. What is not plain unicast is an address of this machine, a broadcast or a multicast. Of
 * IPv6, where the machine has it, nothing is let through.
 */
export const renderCloseScript = (name: string, kind: BridgeKind, opening?: Opening): string => `${prelude}
iptables-restore -w 10 --noflush <<END
*raw
:${name} -${opening ? renderOpening(name, opening) : ''}${bridges[kind].answeringPorts.map(port => renderAnswers(name, port)).join('')}
-A ${name} -m addrtype ! --dst-type UNICAST -j DROP
-A ${name} -d 169.254.0.0/16 -j DROP
COMMIT
END
ipv4 -C PREROUTING -i ${name} -j ${name} 2>/dev/null || ipv4 -I PREROUTING -i ${name} -j ${name}
if [ -e /proc/net/if_inet6 ] || [ ! -e /proc/net/dev ]; then
  ipv6 -C PREROUTING -i ${name} -j DROP 2>/dev/null || ipv6 -I PREROUTING -i ${name} -j DROP
fi
`

/** Shell text that takes back what the other one did, or a part of it. */
export const renderOpenScript = (name: string): string => `${prelude}
while ipv4 -D PREROUTING -i ${name} -j ${name} 2>/dev/null; do :; done
if ipv4 -F ${name} 2>/dev/null; then ipv4 -X ${name}; fi
while ipv6 -D PREROUTING -i ${name} -j DROP 2>/dev/null; do :; done
`

interface Mount {
  Type: 'bind'
  Source: string
  Target: string
  ReadOnly: boolean
}

/**
 * Not read-only below the root's own file system: iptables shares a lock in /run with Docker. How mounts propagate is left to
 * Docker, which knows what the root of this machine allows.
 */
const hostOptions = { BindOptions: { ReadOnlyNonRecursive: true } }
const hostMount: Mount = { Type: bind, Source: '/', Target: hostRoot, ReadOnly: true, ...hostOptions }

/** The body of Docker's request for the container that runs such a text as root of this machine, in the host's own file system. */
export const planRulesContainer = ({ dockerImage, name, instanceId, script }: RulesRun) => ({
  // The next run finds what a crash left behind. No label of the instance: it is none of the instance's containers.
  name: `${name}-rules`,
  Image: dockerImage,
  // Whatever the image calls it: the program that goes over to the host's file system is all that is taken from the image.
  Entrypoint: ['/bin/sh', '-c', 'if command -v chroot >/dev/null; then exec chroot "$@"; fi; exec busybox chroot "$@"'],
  Cmd: ['sh', hostRoot, '/bin/sh', '-c', script],
  Labels: { [rulesLabel]: instanceId },
  User: '0:0',
  // One stream of plain text, which is read when it failed.
  Tty: true,
  HostConfig: {
    NetworkMode: 'host',
    UsernsMode: 'host',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    // NET_RAW: iptables in its older form asks through a raw socket.
    CapAdd: ['NET_ADMIN', 'NET_RAW', 'SYS_CHROOT'],
    SecurityOpt: ['no-new-privileges:true', 'label=disable'],
    PidsLimit: 64,
    LogConfig: { Type: 'json-file', Config: {} },
    Mounts: [hostMount],
  },
})

export interface RulesRun {
  /** Its shell is root of this machine: of a runtime as it comes with the server, never of what was built on one. */
  dockerImage: string
  /** Of the network. */
  name: string
  instanceId: string
  script: string
}
