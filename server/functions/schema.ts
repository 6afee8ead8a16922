/** Functions: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import type { Contract, FunctionLimits, NetworkKind } from '../core/execution.ts'
import type { CallTerms } from '../core/ports.ts'
import type { Status } from '../core/status.ts'
import {
  flag,
  ignoredStrings,
  kind,
  name,
  shown,
  shownKind,
  status,
  strings,
  stringsOrNull,
  tags,
  text,
  uuid,
} from '../http/shapes.ts'

const schemaIn = Type.Unknown({ description: 'JSON schema (draft 4) of its input; null: anything' })
const schemaOut = Type.Unknown({ description: 'JSON schema (draft 4) of its output; null: anything' })
const says = {
  handler: 'Where the code begins: FILE.FUNCTION in python3, the file in nodejs; empty: of the only file',
  schema: 'What its input and output must look like',
  secrets: 'Names of the secrets that each of its runs gets',
  services: 'Kept and shown; unused',
}
const timeout = Type.Optional(Type.Integer({ description: 'Milliseconds that a run may take; 0: no limit' }))
/** What is not set follows from the server's configuration. */
const limits = {
  memory: Type.Optional(Type.Integer({ minimum: 16, description: 'MiB that one of its containers may use' })),
  // Docker knows no smaller share.
  cpu: Type.Optional(Type.Number({ minimum: 0.01, description: 'Cores that one of its containers may use' })),
  concurrency: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'Calls that it answers at the same time' }),
  ),
  network: Type.Optional(
    Type.Unsafe<NetworkKind>({
      type: 'string',
      enum: ['egress', 'none'],
      description: 'egress: it reaches other machines; none: it reaches nothing',
    }),
  ),
}

/** hello.py with `def handle(context, payload): return {"hello": payload["name"]}`. */
const exampleSource =
  'H4sIAAAAAAACA9PTz0jNycnXK6hkoBkwAAIzExMwDQTotIGhAVwOIm5oZGZkxKBgwEAHUFpcklgEtL4oP78EnzpC8uieGyIgJTVNISMxLyUnVSM5P68ktaJER6EgsTInPzFF04pLAQiKUktKi/IUqpXACUXJCiYdrZSXmJuqFFvLxTAKRsEoGAWjYMgBAPKlS0sACAAA'

export const functionBody = Type.Object(
  {
    faasId: uuid,
    id: uuid,
    image: Type.String({ description: 'Name of an image, which need not exist yet' }),
    kind,
    name,
    handler: text(says.handler),
    reason: ignoredStrings,
    schema: Type.Optional(
      Type.Object({ in: Type.Optional(schemaIn), out: Type.Optional(schemaOut) }, { description: says.schema }),
    ),
    secrets: strings(says.secrets),
    services: strings(says.services),
    source: Type.Optional(
      Type.String({ format: 'byte', description: 'The code: base64 of a gzipped tar. Never shown again' }),
    ),
    sourceURL: text(
      "The server's own name for code of this function, es:// and its hash; send source. With any other URL the function goes to ERROR",
    ),
    keepSource: flag('Of an update without code: the stored code stays, which clients cannot send back'),
    status,
    tags,
    timeout,
    ...limits,
  },
  { title: 'FunctionBody', examples: [{ name: 'hello', image: 'python3', source: exampleSource, timeout: 60_000 }] },
)
export type FunctionBody = Static<typeof functionBody>

export const shownFunction = Type.Object(
  {
    createdTime: shown.createdTime,
    faasId: Type.String({
      format: 'uuid',
      description: 'Of this version: each update makes another one, and each change of its image',
    }),
    id: shown.id,
    image: Type.String({ description: 'Name of its image' }),
    activeFaasId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'Only in ERROR: of the version before, where there is one; it goes on answering',
      }),
    ),
    functionImageURL: text('Name of this version, once its code was loaded, or could not be'),
    sourceSha256: Type.Optional(
      Type.String({
        description: 'SHA-256, in hex, of its code as it was sent: of the gzipped tar, not of its base64',
      }),
    ),
    kind: shownKind('Function'),
    handler: Type.String({ description: says.handler }),
    name: shown.name,
    reason: stringsOrNull(
      'Why it is in ERROR, or not READY yet; when READY, that its image was deleted, or why it stays on what the image was',
    ),
    schema: Type.Object({ in: schemaIn, out: schemaOut }, { description: says.schema }),
    secrets: stringsOrNull(says.secrets),
    services: stringsOrNull(says.services),
    status: Type.Unsafe<Status>({ ...shown.status, description: 'READY: it can be called' }),
    tags: shown.tags,
    timeout,
    ...limits,
  },
  { title: 'Function' },
)

/** What a revision is made from; its directory on this machine is named after `faasId`. */
export interface FunctionVersion {
  faasId: string
  image: string
  handler: string
  /** `es://` and the name of the Source entity with the code; anything else cannot be built. */
  sourceUrl: string
  /** Of the code behind `sourceUrl`; absent where that is not known, such as in versions from before it was kept. */
  sourceSha256?: string
  /** Absent, as `limits` may be, in versions that were stored before each had its own. */
  terms?: CallTerms
  limits?: FunctionLimits
}

/** A version that workers have imported successfully, with the Docker image that it was built on. */
export interface ActiveVersion extends FunctionVersion {
  dockerImage: string
  language: string
  /** Absent in versions that were stored before there was a choice: `worker`. */
  contract?: Contract
}

/** Not written any more: stands for the fields that a version lacks, in functions that were stored before each had its own. */
type InheritedFields = Partial<CallTerms> & { limits?: FunctionLimits }

export interface FunctionEntity extends Entity, InheritedFields {
  wanted: FunctionVersion
  /** The version that answers calls; null until the first one is READY. It stays while a new one is being built. */
  active: ActiveVersion | null
  /** Names of all Source entities that this function uses; those of neither version are left after a switch. */
  sourceNames: string[]
  /** Set once the wanted version's build was attempted. */
  functionImageUrl: string | null
  /** Content of its image on which the wanted code could not be loaded; only other content is tried again. */
  refused?: Refusal | null
  services: string[]
}

export interface Refusal {
  dockerImage: string
  reason: string
}

/** Code under its hash, of all the functions in an organization that have the same: base64 of a gzipped tar. */
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

/** While a new version is made its own status says enough. */
function renderActive({ status, active, wanted }: FunctionEntity): { activeFaasId?: string } {
  const isEarlier = status === 'ERROR' && active !== null && active.faasId !== wanted.faasId
  return isEarlier ? { activeFaasId: active.faasId } : {}
}

const listOrNull = (list: string[]): string[] | null => (list.length === 0 ? null : list)

export function renderFunction(entity: FunctionEntity): Static<typeof shownFunction> {
  const { secrets, timeoutMs, schemaIn, schemaOut } = termsOf(entity, entity.wanted)
  return {
    createdTime: entity.createdTimeSeconds,
    faasId: entity.wanted.faasId,
    ...renderActive(entity),
    id: entity.id,
    image: entity.wanted.image,
    ...(entity.functionImageUrl !== null && { functionImageURL: entity.functionImageUrl }),
    ...(entity.wanted.sourceSha256 !== undefined && { sourceSha256: entity.wanted.sourceSha256 }),
    kind: 'Function',
    handler: entity.wanted.handler,
    name: entity.name,
    reason: entity.reason,
    schema: { in: schemaIn, out: schemaOut },
    secrets: listOrNull(secrets),
    services: listOrNull(entity.services),
    status: entity.status,
    tags: entity.tags,
    ...(timeoutMs > 0 && { timeout: timeoutMs }),
    ...renderLimits(limitsOf(entity, entity.wanted)),
  }
}
