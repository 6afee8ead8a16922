/** All that the store holds but runs, by what it is called in the server. */
import type { ApiEntity } from './apis/schema.ts'
import { openEventCollections } from './events/collections.ts'
import type { FunctionEntity, SourceEntity } from './functions/schema.ts'
import type { ServiceAccount } from './iam/account-schema.ts'
import type { Organization } from './iam/organization-schema.ts'
import type { Policy } from './iam/policy-schema.ts'
import type { Session } from './iam/session-schema.ts'
import type { Token } from './iam/token-schema.ts'
import type { User } from './iam/user-schema.ts'
import type { BuildRecord } from './images/build-log.ts'
import type { BaseImage, Image } from './images/schema.ts'
import type { Secret } from './secrets/schema.ts'
import type { Store } from './store/port.ts'

export type Collections = ReturnType<typeof openCollections>

export const openCollections = (store: Store) => ({
  baseImages: store.collection<BaseImage>('BaseImage'),
  images: store.collection<Image>('Image'),
  buildRecords: store.collection<BuildRecord>('BuildRecord'),
  functions: store.collection<FunctionEntity>('Function'),
  sources: store.collection<SourceEntity>('Source'),
  secrets: store.collection<Secret>('Secret'),
  apis: store.collection<ApiEntity>('API'),
  policies: store.collection<Policy>('Policy'),
  accounts: store.collection<ServiceAccount>('ServiceAccount'),
  organizations: store.collection<Organization>('Organization'),
  tokens: store.collection<Token>('Token'),
  users: store.collection<User>('User'),
  sessions: store.collection<Session>('Session'),
  ...openEventCollections(store),
})
