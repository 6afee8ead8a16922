/** What is secret of each kind of resource, and rests sealed: a new kind with secrets of its own gets a row here. */
import type { Kind } from './core/entity.ts'
import type { Driver, DriverType } from './events/driver-schema.ts'
import type { SourceEntity } from './functions/schema.ts'
import type { User } from './iam/user-schema.ts'
import type { Secret } from './secrets/schema.ts'

interface KindsWithSecrets {
  Secret: Secret
  Driver: Driver
  DriverType: DriverType
  Source: SourceEntity
  User: User
}

type Fields = { [K in keyof KindsWithSecrets]: readonly (keyof KindsWithSecrets[K])[] }

/** Settings of drivers often hold the password of what they watch. */
export const sealedFields = {
  Secret: ['values'],
  Driver: ['token', 'config', 'defaults'],
  DriverType: ['config'],
  Source: ['archiveBase64'],
  User: ['passwordHash'],
} as const satisfies Fields & Partial<Record<Kind, unknown>>
