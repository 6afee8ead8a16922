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
  NetworkSettings: { Ports?: Record<string, { HostPort: string }[] | null> }
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

export const imageOf = (found: { Id: string; RepoTags?: string[]; Config: { Labels?: Texts } }): DockerImage => ({
  id: found.Id,
  tags: found.RepoTags ?? [],
  labels: found.Config.Labels ?? {},
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
  }
}

/** As `docker stats` shows it: the kernel takes the file cache back when it needs the room. Its name differs between cgroups 1 and 2. */
export const memoryBytesOf = ({ memory_stats: { usage, stats } = {} }: MeasuredContainer): number | undefined =>
  usage && Math.max(0, usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0))
