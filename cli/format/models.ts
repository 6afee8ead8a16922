/** Owns the models of the API as data: the keys of each kind of object, in the order in which they are shown. */
import { added, always, many, optional, pair } from './fields.ts'
import type { Model } from './model.ts'

const systemPackage: Model = { name: always('text'), version: optional('text') }

export const baseImage: Model = {
  createdTime: optional('int'),
  dockerImage: added('text'),
  dockerUrl: always('text'),
  groups: always('texts'),
  id: optional('text'),
  kind: optional('text'),
  language: always('text'),
  name: always('text'),
  pullSecret: added('text'),
  reason: always('texts'),
  spec: optional('text'),
  status: optional('text'),
  tags: many(pair),
}

export const image: Model = {
  baseImageName: always('text'),
  createdTime: optional('int'),
  dockerUrl: optional('text'),
  groups: always('texts'),
  id: optional('text'),
  kind: optional('text'),
  language: optional('text'),
  name: always('text'),
  reason: always('texts'),
  runtimeDependencies: optional({ manifest: optional('text') }),
  spec: optional('text'),
  status: optional('text'),
  systemDependencies: optional({ packages: many(systemPackage) }),
  tags: many(pair),
}

export const functionModel: Model = {
  source: optional('text'),
  sourceURL: optional('text'),
  sourcePath: optional('text'),
  createdTime: optional('int'),
  faasId: optional('text'),
  activeFaasId: added('text'),
  id: optional('text'),
  image: always('text'),
  functionImageURL: optional('text'),
  kind: optional('text'),
  handler: always('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  reason: always('texts'),
  schema: optional({ in: optional('any'), out: optional('any') }),
  secrets: always('texts'),
  services: always('texts'),
  status: optional('text'),
  timeout: optional('int'),
  memory: added('int'),
  cpu: added('number'),
  concurrency: added('int'),
  network: added('text'),
  tags: many(pair),
}

const cloudEvent: Model = {
  eventType: always('text'),
  eventTypeVersion: optional('text'),
  cloudEventsVersion: always('text'),
  source: always('text'),
  eventID: always('text'),
  eventTime: always('text'),
  schemaURL: optional('text'),
  contentType: optional('text'),
  extensions: optional('map'),
  data: always('any'),
}

export const run: Model = {
  blocking: optional('bool'),
  error: optional({ message: always('text'), stacktrace: always('texts'), type: always('text') }),
  event: optional(cloudEvent),
  executedTime: optional('int'),
  faasId: optional('text'),
  finishedTime: optional('int'),
  functionId: optional('text'),
  functionName: optional('text'),
  httpContext: optional('map'),
  input: optional('any'),
  logs: optional({ stderr: always('texts'), stdout: always('texts') }),
  name: optional('text'),
  output: optional('any'),
  reason: always('texts'),
  secrets: always('texts'),
  services: always('texts'),
  status: optional('text'),
  tags: many(pair),
}

const counts: Model = { waiting: always('int'), delivered: always('int'), dead: always('int') }
const delivery: Model = {
  subscription: always('text'),
  state: always('text'),
  tries: always('int'),
  nextTryTime: optional('int'),
  reason: always('texts'),
  run: optional('text'),
}

export const storedEvent: Model = {
  id: always('text'),
  emittedTime: always('int'),
  event: always(cloudEvent),
  counts: always(counts),
  deliveries: { ...many(delivery), added: true },
}

export const auditLine: Model = {
  number: always('int'),
  time: always('text'),
  kind: always('text'),
  user: always('text'),
  peer: always('text'),
  operation: always('text'),
  resource: always('text'),
  org: always('text'),
  name: always('text'),
  status: always('int'),
  count: always('int'),
  request: always('text'),
  previous: always('text'),
}

export const secret: Model = {
  id: optional('text'),
  kind: optional('text'),
  name: always('text'),
  reason: added('texts'),
  secrets: optional('textMap'),
  status: added('text'),
  tags: many(pair),
}

export const api: Model = {
  authentication: optional('text'),
  authenticationSecret: added('text'),
  cors: optional('bool'),
  enabled: optional('bool'),
  function: always('text'),
  hosts: always('texts'),
  id: optional('text'),
  kind: optional('text'),
  methods: always('texts'),
  name: always('text'),
  protocols: always('texts'),
  maxBodyBytes: added('int'),
  oidc: added({ audience: optional('text'), issuer: optional('text') }),
  rateLimit: added({ burst: optional('int'), perSeconds: optional('int'), requests: optional('int') }),
  response: added('text'),
  status: optional('text'),
  tags: many(pair),
  timeout: added('int'),
  tls: optional('text'),
  uris: always('texts'),
}

export const subscription: Model = {
  createdTime: optional('int'),
  eventType: always('text'),
  filter: added('textMap'),
  function: always('text'),
  id: optional('text'),
  kind: optional('text'),
  modifiedTime: optional('int'),
  name: always('text'),
  retry: added({ tries: optional('int'), withinSeconds: optional('int') }),
  secrets: always('texts'),
  status: optional('text'),
  tags: many(pair),
}

export const driverType: Model = {
  config: many(pair),
  'created-time': optional('int'),
  id: optional('text'),
  image: always('text'),
  expose: always('bool'),
  kind: optional('text'),
  'modified-time': optional('int'),
  name: always('text'),
  reason: added('texts'),
  status: added('text'),
  tags: many(pair),
}

export const driver: Model = {
  config: many(pair),
  'created-time': optional('int'),
  id: optional('text'),
  kind: optional('text'),
  'modified-time': optional('int'),
  name: always('text'),
  reason: always('texts'),
  secrets: always('texts'),
  expose: always('bool'),
  url: optional('text'),
  nextRun: added('int'),
  status: optional('text'),
  tags: many(pair),
  type: always('text'),
}

export const versionModel: Model = {
  version: always('text'),
  commit: always('text'),
  buildDate: always('text'),
  goVersion: always('text'),
  compiler: always('text'),
  platform: always('text'),
}
