/** Functions: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import type { FunctionLimits, NetworkKind } from '../core/execution.ts'
import { kind, name, status, strings, tags, uuid } from '../http/shapes.ts'

export const functionBody = Type.Object({
  faasId: uuid,
  id: uuid,
  image: Type.String(),
  kind,
  name,
  handler: Type.Optional(Type.String()),
  reason: strings,
  schema: Type.Optional(Type.Object({ in: Type.Optional(Type.Unknown()), out: Type.Optional(Type.Unknown()) })),
  secrets: strings,
  services: strings,
  source: Type.Optional(Type.String({ format: 'byte' })),
  sourceURL: Type.Optional(Type.String()),
  status,
  tags,
  timeout: Type.Optional(Type.Integer()),
  /** MiB. */
  memory: Type.Optional(Type.Integer({ minimum: 16 })),
  /** Cores; Docker knows no smaller share. */
  cpu: Type.Optional(Type.Number({ minimum: 0.01 })),
  concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  network: Type.Optional(Type.Unsafe<NetworkKind>({ type: 'string', enum: ['egress', 'none'] })),
})
export type FunctionBody = Static<typeof functionBody>

/** What a revision is made from; its directory on this machine is named after `faasId`. */
export interface FunctionVersion {
  faasId: string
  image: string
  handler: string
  /** `es://<uuid>`: the name of the Source entity with the code; anything else cannot be built. */
  sourceUrl: string
  /** Absent in versions that were stored before each had its own. */
  limits?: FunctionLimits
}

/** A version that workers have imported successfully, with the Docker image that it was built on. */
export interface ActiveVersion extends FunctionVersion {
  dockerImage: string
  language: string
}

export interface FunctionEntity extends Entity {
  wanted: FunctionVersion
  /** The version that answers calls; null until the first one is READY. It stays while a new one is being built. */
  active: ActiveVersion | null
  /** Names of all Source entities that this function owns; those of neither version are removed after a switch. */
  sourceNames: string[]
  /** Set once the wanted version's build was attempted. */
  functionImageUrl: string | null
  schemaIn: unknown
  schemaOut: unknown
  secrets: string[]
  services: string[]
  /** 0: no limit. */
  timeoutMs: number
  /** Of the versions that have none of their own. Absent in what was stored before functions had limits, and since. */
  limits?: FunctionLimits
}

/** The code of one version: base64 of a gzipped tar. */
export interface SourceEntity extends Entity {
  archiveBase64: string
}

const mebibyte = 1024 * 1024

/** What is not asked for stays absent: it follows from the server's own limits. */
export const parseLimits = ({ memory, cpu, concurrency, network }: FunctionBody): FunctionLimits => ({
  ...(memory !== undefined && { memoryBytes: memory * mebibyte }),
  ...(cpu !== undefined && { cpus: cpu }),
  ...(concurrency !== undefined && { concurrency }),
  ...(network !== undefined && { network }),
})

/** A new version's limits say nothing of the one that goes on answering until it is READY. */
export const limitsOf = (entity: FunctionEntity, version: FunctionVersion): FunctionLimits =>
  version.limits ?? entity.limits ?? {}

const renderLimits = ({ memoryBytes, cpus, concurrency, network }: FunctionLimits) => ({
  ...(memoryBytes !== undefined && { memory: memoryBytes / mebibyte }),
  ...(cpus !== undefined && { cpu: cpus }),
  ...(concurrency !== undefined && { concurrency }),
  ...(network !== undefined && { network }),
})

const orNull = (list: string[]): string[] | null => (list.length === 0 ? null : list)

export const renderFunction = (entity: FunctionEntity) => ({
  createdTime: entity.createdTimeSeconds,
  faasId: entity.wanted.faasId,
  id: entity.id,
  image: entity.wanted.image,
  ...(entity.functionImageUrl !== null && { functionImageURL: entity.functionImageUrl }),
  kind: 'Function',
  handler: entity.wanted.handler,
  name: entity.name,
  reason: entity.reason,
  schema: { in: entity.schemaIn, out: entity.schemaOut },
  secrets: orNull(entity.secrets),
  services: orNull(entity.services),
  status: entity.status,
  tags: entity.tags,
  ...(entity.timeoutMs > 0 && { timeout: entity.timeoutMs }),
  ...renderLimits(limitsOf(entity, entity.wanted)),
})
