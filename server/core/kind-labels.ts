/** The words by which messages name each kind of resource; scripts of existing clients match on them. */
import type { Kind } from './entity.ts'

export const kindLabels: Record<Kind, string> = {
  BaseImage: 'base image',
  Image: 'image',
  BuildRecord: 'build record',
  Function: 'function',
  Source: 'source',
  Secret: 'secret',
  API: 'API',
  Subscription: 'subscription',
  Driver: 'event driver',
  DriverType: 'event driver type',
  Policy: 'policy',
  ServiceAccount: 'service account',
  Organization: 'organization',
  Token: 'token',
  User: 'user',
  Session: 'session',
}

export const runLabel = 'function run'
