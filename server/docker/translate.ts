/** What Docker tells of its objects, in our words. */
import type { Network } from './egress.ts'
import type { Container, ContainerState, DockerImage } from './port.ts'

type Texts = Record<string, string>

interface FoundNetwork {
  Name: string
  Labels?: Texts | undefined
  Options?: Texts | undefined
  IPAM?: { Config?: { Gateway?: string | undefined }[] | undefined } | undefined
}

interface InspectedContainer {
  State: { Running: boolean; ExitCode: number; OOMKilled: boolean }
  /** Where it was asked for. */
  SizeRw?: number
  NetworkSettings: {
    Ports?: Record<string, { HostPort: string }[] | null>
    Networks?: Record<string, { IPAddress: string }>
  }
}

interface InspectedImage {
  Id: string
  RepoTags?: string[]
  Size: number
  Created: string
  Config: { Labels?: Texts; Env?: string[] | null }
}

/** `Created`: Unix seconds. Without a name it is called `<none>:<none>`, or nothing at all. */
interface ListedImage {
  Id: string
  RepoTags?: string[] | null | undefined
  Size: number
  Created: number
  Labels?: Texts | null | undefined
}

/** Without a memory controller Docker leaves all of it out, as it does for a container that has ended. */
interface MeasuredContainer {
  memory_stats?: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } }
}

export const networkOf = (found: FoundNetwork): Network => ({
  name: found.Name,
  labels: found.Labels ?? {},
  options: found.Options ?? {},
  gateway: found.IPAM?.Config?.[0]?.Gateway,
})

function splitVariable(variable: string): [name: string, value: string] {
  const [name = ''] = variable.split('=', 1)
  return [name, variable.slice(name.length + 1)]
}

export const imageOf = (found: InspectedImage): DockerImage => ({
  id: found.Id,
  tags: found.RepoTags ?? [],
  labels: found.Config.Labels ?? {},
  env: Object.fromEntries((found.Config.Env ?? []).map(splitVariable)),
  bytes: found.Size,
  createdMs: Date.parse(found.Created),
})

export const listedImageOf = (found: ListedImage): DockerImage => ({
  id: found.Id,
  tags: (found.RepoTags ?? []).filter(tag => tag !== '<none>:<none>'),
  labels: found.Labels ?? {},
  env: {},
  bytes: found.Size,
  createdMs: found.Created * 1000,
})

export const containerOf = (found: { Id: string; Names: string[]; Labels: Texts }): Container => ({
  id: found.Id,
  name: found.Names[0]?.slice(1) ?? '',
  labels: found.Labels,
})

export const stateOf = ({ State, NetworkSettings }: InspectedContainer): ContainerState => {
  const [bound] = Object.values(NetworkSettings.Ports ?? {}).flatMap(bindings => bindings ?? [])
  return {
    running: State.Running,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    hostPort: bound && Number(bound.HostPort),
    address: Object.values(NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress !== '')?.IPAddress,
  }
}

/** As `docker stats` shows it: the kernel takes the file cache back when it needs the room. Its name differs between cgroups 1 and 2. */
export const memoryBytesOf = ({ memory_stats: { usage, stats } = {} }: MeasuredContainer): number | undefined =>
  usage && Math.max(0, usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0))

export const writableBytesOf = ({ SizeRw = 0 }: InspectedContainer): number => SizeRw

export const layerBytesOf = (found: unknown): number =>
  typeof found === 'object' && found !== null && 'LayersSize' in found ? Number(found.LayersSize) : 0
