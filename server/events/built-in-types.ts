/** Driver types that the server brings along: how each is shown, and what runs its drivers. */
import type { Tag } from '../core/entity.ts'
import type { Driver, DriverType } from './driver-schema.ts'

/** A driver as the part of the server that runs it sees it. */
export interface HostedDriver {
  id: string
  org: string
  name: string
  settings: Record<string, string>
  secrets: Record<string, string>
  /** Shows on the driver why it does not do its work; undefined: it does again. */
  report(problem: string | undefined): void
}

/** A part of the server that runs drivers. */
export interface HostedType {
  /** Why no driver can run with these settings; undefined: one can. */
  findFault(settings: Record<string, string>): string | undefined
  /** Begins at once. Returns what ends it, which resolves when nothing of it is under way any more. */
  start(driver: HostedDriver): () => Promise<void>
  /** When it does something next, in Unix milliseconds, if that is known. Settings have no fault. */
  nextMs?(settings: Record<string, string>, nowMs: number): number | undefined
  /** Lets go of what it remembers of a driver that is deleted. */
  forget?(driverId: string): Promise<void>
}

export interface BuiltInType {
  name: string
  /** Settings of its drivers that do not say otherwise. */
  config: Tag[] | null
  expose: boolean
  /** `program`: the one in server/drivers/<program>/, in a container of its own. */
  runs: { program: string } | { hosted: HostedType }
}

/** Those that are programs. */
export const programTypes: readonly BuiltInType[] = [
  {
    name: 'http',
    config: [
      { key: 'event-type', value: 'http.post' },
      { key: 'source', value: 'http' },
    ],
    expose: true,
    runs: { program: 'http' },
  },
  {
    name: 'vcenter',
    config: [{ key: 'poll-seconds', value: '5' }],
    expose: false,
    runs: { program: 'vcenter' },
  },
]

/** What documents and tables show in place of a Docker image; no reference, so that nobody can mean an image by it. */
export const builtInImage = 'built in'

/** What a reason names as the driver's program. */
export const programOf = ({ image, type }: Pick<Driver, 'image' | 'type'>): string =>
  image === builtInImage ? `of the built-in type ${type}` : image

/** As every organization has it. */
export const driverTypeOf = (org: string, { name, config, expose }: BuiltInType): DriverType => ({
  id: `built-in-${name}`,
  org,
  name,
  revision: 0,
  status: 'READY',
  reason: null,
  tags: null,
  createdTimeSeconds: 0,
  modifiedTimeSeconds: 0,
  image: builtInImage,
  expose,
  config,
  builtIn: name,
})
