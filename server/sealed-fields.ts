/**
 * What is secret of each kind of resource, and rests sealed: a new kind with secrets of its own gets a row here. Each field has what
 * stands for it in lists where it cannot be opened.
 */
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

type Fields = { [K in keyof KindsWithSecrets]: Partial<KindsWithSecrets[K]> }

/** Settings of drivers often hold the password of what they watch. */
export const sealedFields = {
  Secret: { values: {} },
  Driver: { token: '', config: null, defaults: null },
  DriverType: { config: null },
  Source: { archiveBase64: '' },
  User: { passwordHash: undefined },
} as const satisfies { [K in keyof Fields]: { [F in keyof Fields[K]]: Fields[K][F] | undefined } } & Partial<
  Record<Kind, unknown>
>
