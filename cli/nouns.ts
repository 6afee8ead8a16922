/** Owns the kinds of objects as the command line names them, in singular and plural. */
import type { Command } from './command.ts'
import { credentials, type Resource, resources } from './resources.ts'

export interface Noun {
  readonly name: string
  /** The plural first. */
  readonly aliases: readonly [string, ...string[]]
  readonly resource: Resource
  readonly create: () => Promise<{ command: Command }>
}

/** For `create`, `get` and `delete`. */
export const nouns: readonly Noun[] = [
  {
    name: 'api',
    aliases: ['apis'],
    resource: resources.api,
    create: () => import('./commands/create-api.ts'),
  },
  {
    name: 'base-image',
    aliases: ['base-images'],
    resource: resources.baseImage,
    create: () => import('./commands/create-base-image.ts'),
  },
  {
    name: 'eventdriver',
    aliases: ['eventdrivers', 'event-driver', 'event-drivers'],
    resource: resources.driver,
    create: () => import('./commands/create-eventdriver.ts'),
  },
  {
    name: 'eventdrivertype',
    aliases: ['eventdrivertypes', 'event-driver-type', 'event-driver-types', 'eventdriver-types', 'eventdriver-type'],
    resource: resources.driverType,
    create: () => import('./commands/create-eventdrivertype.ts'),
  },
  {
    name: 'function',
    aliases: ['functions'],
    resource: resources.function,
    create: () => import('./commands/create-function.ts'),
  },
  {
    name: 'image',
    aliases: ['images'],
    resource: resources.image,
    create: () => import('./commands/create-image.ts'),
  },
  {
    name: 'secret',
    aliases: ['secrets'],
    resource: resources.secret,
    create: () => import('./commands/create-secret.ts'),
  },
  {
    name: 'subscription',
    aliases: ['subscriptions'],
    resource: resources.subscription,
    create: () => import('./commands/create-subscription.ts'),
  },
]

/** For the same words behind `iam`. */
export const iamNouns: readonly Noun[] = [
  {
    name: 'organization',
    aliases: ['organizations'],
    resource: resources.organization,
    create: () => import('./commands/iam-create-organization.ts'),
  },
  {
    name: 'policy',
    aliases: ['policies'],
    resource: resources.policy,
    create: () => import('./commands/iam-create-policy.ts'),
  },
  {
    name: 'serviceaccount',
    aliases: ['serviceaccounts', 'service-account', 'service-accounts', 'service'],
    resource: resources.serviceAccount,
    create: () => import('./commands/iam-create-serviceaccount.ts'),
  },
]

/** Behind `iam` too, for what is made and deleted alone. */
export const credentialNouns: readonly Noun[] = [
  {
    name: 'token',
    aliases: ['tokens'],
    resource: credentials.token,
    create: () => import('./commands/iam-create-token.ts'),
  },
  {
    name: 'user',
    aliases: ['users'],
    resource: credentials.user,
    create: () => import('./commands/iam-create-user.ts'),
  },
]
