/** Base images and images: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { kind, name, spec, status, strings, tags, uuid } from '../http/shapes.ts'

export const baseImageBody = Type.Object({
  dockerUrl: Type.String(),
  groups: strings,
  id: uuid,
  kind,
  language: Type.String(),
  name,
  reason: strings,
  spec,
  status,
  tags,
})
export type BaseImageBody = Static<typeof baseImageBody>

const systemPackage = Type.Object({ name: Type.String(), version: Type.Optional(Type.String()) })

export const imageBody = Type.Object({
  baseImageName: Type.String(),
  groups: strings,
  id: uuid,
  kind,
  language: Type.Optional(Type.String()),
  name,
  reason: strings,
  runtimeDependencies: Type.Optional(Type.Object({ manifest: Type.Optional(Type.String()) })),
  spec,
  status,
  systemDependencies: Type.Optional(Type.Object({ packages: Type.Optional(Type.Array(systemPackage)) })),
  tags,
})
export type ImageBody = Static<typeof imageBody>

export interface BaseImage extends Entity {
  dockerUrl: string
  language: string
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
  manifest: string
  systemPackages: Static<typeof systemPackage>[]
}

const head = (entity: Entity, kindName: string) => ({
  createdTime: entity.createdTimeSeconds,
  groups: null,
  id: entity.id,
  kind: kindName,
  name: entity.name,
  reason: entity.reason,
  status: entity.status,
  tags: entity.tags,
})

export const renderBaseImage = (entity: BaseImage) => ({
  ...head(entity, 'BaseImage'),
  dockerUrl: entity.dockerUrl,
  language: entity.language,
})

export const renderImage = (entity: Image) => ({
  ...head(entity, 'Image'),
  baseImageName: entity.baseImageName,
  ...(entity.dockerUrl !== null && { dockerUrl: entity.dockerUrl }),
  ...(entity.language !== '' && { language: entity.language }),
  runtimeDependencies: entity.manifest === '' ? {} : { manifest: entity.manifest },
  systemDependencies: { packages: entity.systemPackages.length === 0 ? null : entity.systemPackages },
})
