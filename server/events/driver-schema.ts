/** Event drivers and their types: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity, Tag } from '../core/entity.ts'
import { renderFault } from '../core/status.ts'
import {
  flag,
  ignoredStrings,
  kind,
  name,
  seconds,
  shown,
  shownFault,
  shownKind,
  status,
  strings,
  stringsOrNull,
  tags,
  tagsOrNull,
  uuid,
} from '../http/shapes.ts'

/** What a driver is started with: on the wire, a list that behaves as a map, as tags do. */
const config = Type.Optional(Type.Array(tags.items, { description: 'What its program is started with, --key=value' }))
const driverName = Type.String({
  pattern: '^[a-z0-9][a-z0-9\\-]*$',
  patternText:
    'should start with lower case letter or number and may only contain lower case letters, numbers and dashes',
  description: 'Unique among the drivers of its organization, in lower case; it cannot be changed',
})
const says = {
  config: 'What its program is started with',
  defaults: 'What the programs of its drivers are started with, unless those say otherwise',
  expose: 'Whether port 80 of its containers is published',
  image: 'Reference of the Docker image of its program; "built in" where the server brings it along',
  secrets: 'Names of secrets',
  type: 'Name of its driver type',
}

export const driverTypeBody = Type.Object(
  {
    config,
    id: uuid,
    image: Type.String({ description: says.image }),
    kind,
    name: Type.String({ ...name, maxLength: 32 }),
    tags,
    expose: flag(says.expose),
  },
  { title: 'EventDriverTypeBody', examples: [{ name: 'mailbox', image: 'example/mailbox-driver:1.0' }] },
)
export type DriverTypeBody = Static<typeof driverTypeBody>

const ignoredOf = (follows: string) => ({ readOnly: true, description: `Follows from ${follows}` })

export const driverBody = Type.Object(
  {
    config,
    id: uuid,
    kind,
    name: driverName,
    reason: ignoredStrings,
    secrets: strings(says.secrets),
    status,
    tags,
    type: Type.String({ maxLength: 32, description: `${says.type}, which exists` }),
    expose: Type.Optional(Type.Boolean(ignoredOf('its type'))),
    url: Type.Optional(Type.String(ignoredOf('its container'))),
  },
  {
    title: 'EventDriverBody',
    examples: [{ name: 'tick', type: 'ticker', config: [{ key: 'seconds', value: '10' }] }],
  },
)
export type DriverBody = Static<typeof driverBody>

const shownTimes = {
  'created-time': seconds('When it was created'),
  'modified-time': seconds('When it was last changed'),
}

export const shownDriverType = Type.Object(
  {
    config: tagsOrNull(says.defaults),
    ...shownTimes,
    image: Type.String({ description: says.image }),
    expose: Type.Boolean({ description: says.expose }),
    kind: shownKind('DriverType'),
    name: shown.name,
    ...shownFault,
    tags: shown.tags,
  },
  { title: 'EventDriverType' },
)

export const shownDriver = Type.Object(
  {
    config: tagsOrNull(says.config),
    ...shownTimes,
    kind: shownKind('Driver'),
    name: shown.name,
    reason: shown.reason,
    secrets: stringsOrNull(says.secrets),
    expose: Type.Boolean({ description: says.expose }),
    status: shown.status,
    tags: shown.tags,
    type: Type.String({ description: says.type }),
    url: Type.Optional(Type.String({ description: 'Where it is reached; there when it is exposed and has run' })),
    nextRun: Type.Optional(
      seconds('When it emits its next event; there when it is of a type that goes by the clock, and READY'),
    ),
  },
  { title: 'EventDriver' },
)

export interface DriverType extends Entity {
  /** Reference of the Docker image that drivers of this type run. */
  image: string
  expose: boolean
  /** Settings of its drivers that do not say otherwise. */
  config: Tag[] | null
  /** Name of the built-in type that it is; never in the store. */
  builtIn?: string
}

/** What a driver has of its type, as that was when the driver was last created or updated. */
export interface Inherited {
  image: string
  expose: boolean
  defaults: Tag[] | null
  /** Name of the built-in type that it is of. */
  builtIn: string | null
}

/** `token` lets its events in. */
export interface Driver extends Entity, Inherited {
  token: string
  type: string
  config: Tag[] | null
  /** Names. */
  secrets: string[]
  /** Where it was reached last, when it is exposed. */
  url: string | null
}

const renderTimes = (entity: Entity) => ({
  'created-time': entity.createdTimeSeconds,
  'modified-time': entity.modifiedTimeSeconds,
})

export const renderDriverType = (entity: DriverType): Static<typeof shownDriverType> => ({
  config: entity.config,
  ...renderTimes(entity),
  image: entity.image,
  expose: entity.expose,
  kind: 'DriverType',
  name: entity.name,
  ...renderFault(entity),
  tags: entity.tags,
})

/** Without the token, and without the id, which was the original's token. `nextRunMs`: Unix milliseconds. */
export const renderDriver = (entity: Driver, nextRunMs: number | undefined): Static<typeof shownDriver> => ({
  config: entity.config,
  ...renderTimes(entity),
  kind: 'Driver',
  name: entity.name,
  reason: entity.reason,
  secrets: entity.secrets.length > 0 ? entity.secrets : null,
  expose: entity.expose,
  status: entity.status,
  tags: entity.tags,
  type: entity.type,
  ...(entity.expose && entity.url && { url: entity.url }),
  ...(nextRunMs !== undefined && { nextRun: Math.floor(nextRunMs / 1000) }),
})
