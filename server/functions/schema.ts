/** Functions: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import type { FunctionLimits, NetworkKind } from '../core/execution.ts'
import type { CallTerms } from '../core/ports.ts'
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
  /** Of an update without code: the stored code stays. Clients are never told the code, and cannot send it back. */
  keepSource: Type.Optional(Type.Boolean()),
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
  /** Absent, as `limits` may be, in versions that were stored before each had its own. */
  terms?: CallTerms
  limits?: FunctionLimits
}

/** A version that workers have imported successfully, with the Docker image that it was built on. */
export interface ActiveVersion extends FunctionVersion {
  dockerImage: string
  language: string
}

/** Not written any more: stands for the fields that a version lacks, in functions that were stored before each had its own. */
type InheritedFields = Partial<CallTerms> & { limits?: FunctionLimits }

export interface FunctionEntity extends Entity, InheritedFields {
  wanted: FunctionVersion
  /** The version that answers calls; null until the first one is READY. It stays while a new one is being built. */
  active: ActiveVersion | null
  /** Names of all Source entities that this function owns; those of neither version are removed after a switch. */
  sourceNames: string[]
  /** Set once the wanted version's build was attempted. */
  functionImageUrl: string | null
  services: string[]
}

/** The code of one version: base64 of a gzipped tar. */
export interface SourceEntity extends Entity {
  archiveBase64: string
}

const mebibyte = 1024 * 1024

export const parseTerms = ({ secrets, timeout, schema }: FunctionBody): CallTerms => ({
  secrets: secrets ?? [],
  timeoutMs: timeout ?? 0,
  schemaIn: schema?.in ?? null,
  schemaOut: schema?.out ?? null,
})

/** What is not asked for stays absent: it follows from the server's own limits. */
export const parseLimits = ({ memory, cpu, concurrency, network }: FunctionBody): FunctionLimits => ({
  ...(memory !== undefined && { memoryBytes: memory * mebibyte }),
  ...(cpu !== undefined && { cpus: cpu }),
  ...(concurrency !== undefined && { concurrency }),
  ...(network !== undefined && { network }),
})

/** A new version's limits and terms say nothing of the one that goes on answering until it is READY. */
export const limitsOf = (entity: FunctionEntity, version: FunctionVersion): FunctionLimits =>
  version.limits ?? entity.limits ?? {}

export function termsOf(entity: FunctionEntity, version: FunctionVersion): CallTerms {
  const { secrets = [], timeoutMs = 0, schemaIn = null, schemaOut = null } = version.terms ?? entity
  return { secrets, timeoutMs, schemaIn, schemaOut }
}

const renderLimits = ({ memoryBytes, cpus, concurrency, network }: FunctionLimits) => ({
  ...(memoryBytes !== undefined && { memory: memoryBytes / mebibyte }),
  ...(cpus !== undefined && { cpu: cpus }),
  ...(concurrency !== undefined && { concurrency }),
  ...(network !== undefined && { network }),
})

const orNull = (list: string[]): string[] | null => (list.length === 0 ? null : list)

export function renderFunction(entity: FunctionEntity) {
  const { secrets, timeoutMs, schemaIn, schemaOut } = termsOf(entity, entity.wanted)
  return {
    createdTime: entity.createdTimeSeconds,
    faasId: entity.wanted.faasId,
    id: entity.id,
    image: entity.wanted.image,
    ...(entity.functionImageUrl !== null && { functionImageURL: entity.functionImageUrl }),
    kind: 'Function',
    handler: entity.wanted.handler,
    name: entity.name,
    reason: entity.reason,
    schema: { in: schemaIn, out: schemaOut },
    secrets: orNull(secrets),
    services: orNull(entity.services),
    status: entity.status,
    tags: entity.tags,
    ...(timeoutMs > 0 && { timeout: timeoutMs }),
    ...renderLimits(limitsOf(entity, entity.wanted)),
  }
}
