/** Base images and images: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import type { Contract, RuntimeImage } from '../core/execution.ts'
import { type Status, statuses } from '../core/status.ts'
import { ignoredStrings, kind, name, orNull, shown, shownKind, spec, status, tags, text, uuid } from '../http/shapes.ts'

const dockerUrl = Type.String({
  description: 'Reference of the Docker image, such as dispatchframework/python3-base:0.0.13',
})
const pullSecret = Type.String({
  description: 'Name of a secret with the keys username and password, for the registry that it is pulled from',
})
const baseImageLanguage = Type.String({ description: 'Free label, such as python3' })

export const baseImageBody = Type.Object(
  {
    dockerUrl,
    groups: ignoredStrings,
    id: uuid,
    kind,
    language: baseImageLanguage,
    name,
    pullSecret: Type.Optional(pullSecret),
    reason: ignoredStrings,
    spec,
    status,
    tags,
  },
  {
    title: 'BaseImageBody',
    examples: [{ name: 'python3-base', dockerUrl: 'dispatchframework/python3-base:0.0.13', language: 'python3' }],
  },
)
export type BaseImageBody = Static<typeof baseImageBody>

const says = {
  runtimeDependencies: 'Packages of the language that it asks for',
  systemDependencies: 'Packages of the system that it asks for',
  packages: 'Each with its version',
}
const systemPackage = Type.Object({
  name: Type.String({ description: 'Of the Debian package' }),
  version: text('Of the Debian package'),
})
const manifest = text('Packages of the language, as its own tool reads them: requirements.txt, package.json')

export const imageBody = Type.Object(
  {
    baseImageName: Type.String({ description: 'Name of a base image, which exists' }),
    groups: ignoredStrings,
    id: uuid,
    kind,
    language: Type.Optional(Type.String({ readOnly: true, description: 'Follows from the base image' })),
    name,
    reason: ignoredStrings,
    runtimeDependencies: Type.Optional(Type.Object({ manifest }, { description: says.runtimeDependencies })),
    spec,
    status,
    systemDependencies: Type.Optional(
      Type.Object(
        { packages: Type.Optional(Type.Array(systemPackage, { description: says.packages })) },
        { description: says.systemDependencies },
      ),
    ),
    tags,
  },
  { title: 'ImageBody', examples: [{ name: 'python3', baseImageName: 'python3-base' }] },
)
export type ImageBody = Static<typeof imageBody>

const shownHead = {
  createdTime: shown.createdTime,
  groups: Type.Null({ description: 'Unused' }),
  id: shown.id,
  name: shown.name,
  reason: shown.reason,
  tags: shown.tags,
}

export const shownBaseImage = Type.Object(
  {
    ...shownHead,
    kind: shownKind('BaseImage'),
    status: shown.status,
    dockerUrl,
    dockerImage: text(
      'Reference of the Docker image that really runs, once it was found: often a runtime of this machine',
    ),
    language: baseImageLanguage,
    pullSecret: Type.Optional(pullSecret),
  },
  { title: 'BaseImage' },
)

export const shownImage = Type.Object(
  {
    ...shownHead,
    kind: shownKind('Image'),
    status: Type.Unsafe<Status | 'DELETED'>({
      type: 'string',
      enum: [...statuses, 'DELETED'],
      description: 'READY: functions can be made from it. The answer to its deletion says DELETED',
    }),
    baseImageName: Type.String({ description: 'The base image that it was made from' }),
    dockerUrl: text('Reference of its Docker image, once there is one'),
    language: text("The base image's label"),
    runtimeDependencies: Type.Object({ manifest }, { description: says.runtimeDependencies }),
    systemDependencies: Type.Object(
      { packages: orNull(Type.Array(systemPackage), says.packages) },
      { description: says.systemDependencies },
    ),
  },
  { title: 'Image' },
)

export interface BaseImage extends Entity {
  dockerUrl: string
  language: string
  /** Name of the secret with the credentials of its registry. */
  pullSecret?: string | undefined
  /** The Docker image that really runs, once it was found on this machine. */
  dockerImage: string | null
}

export interface Image extends Entity {
  baseImageName: string
  language: string
  /** Reference of the image's own tag; null until the first build is through. */
  dockerUrl: string | null
  /** Content of the image as Docker knows it: functions stay on it whatever becomes of the tag. */
  dockerImageId: string | null
  /** Language of the runtime that it was built on; '' until then. `language` is the base image's free label. */
  runtimeLanguage: string
  /** Absent in those that were built before there was a choice: `worker`. */
  contract?: Contract
  manifest: string
  systemPackages: Static<typeof systemPackage>[]
}

/** What functions are made from; undefined as long as nothing was built. */
export function runtimeImageOf(image: Image): RuntimeImage | undefined {
  const { dockerImageId: dockerImage, runtimeLanguage: language, contract = 'worker' } = image
  return dockerImage === null ? undefined : { dockerImage, language, contract }
}

const head = (entity: Entity) => ({
  createdTime: entity.createdTimeSeconds,
  groups: null,
  id: entity.id,
  name: entity.name,
  reason: entity.reason,
  status: entity.status,
  tags: entity.tags,
})

export const renderBaseImage = (entity: BaseImage): Static<typeof shownBaseImage> => ({
  ...head(entity),
  kind: 'BaseImage',
  dockerUrl: entity.dockerUrl,
  ...(entity.dockerImage !== null && { dockerImage: entity.dockerImage }),
  language: entity.language,
  ...(entity.pullSecret !== undefined && { pullSecret: entity.pullSecret }),
})

export const renderImage = (entity: Image): Static<typeof shownImage> => ({
  ...head(entity),
  kind: 'Image',
  baseImageName: entity.baseImageName,
  ...(entity.dockerUrl !== null && { dockerUrl: entity.dockerUrl }),
  ...(entity.language !== '' && { language: entity.language }),
  runtimeDependencies: entity.manifest === '' ? {} : { manifest: entity.manifest },
  systemDependencies: { packages: entity.systemPackages.length === 0 ? null : entity.systemPackages },
})
