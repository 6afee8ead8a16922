/** Owns the models of the API as data: the keys of each kind of object, in the order in which they are shown. */
import type { Field, Model, Plain } from './model.ts'

const always = (type: Plain | Model): Field => ({ type })
const optional = (type: Plain | Model): Field => ({ type, optional: true })
const added = (type: Plain): Field => ({ type, added: true })
const many = (type: Model): Field => ({ type, many: true })

const tag: Model = { key: optional('text'), value: optional('text') }
const systemPackage: Model = { name: always('text'), version: optional('text') }

export const baseImage: Model = {
  createdTime: optional('int'),
  dockerUrl: always('text'),
  groups: always('texts'),
  id: optional('text'),
  kind: optional('text'),
  language: always('text'),
  name: always('text'),
  reason: always('texts'),
  spec: optional('text'),
  status: optional('text'),
  tags: many(tag),
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
  tags: many(tag),
}

export const functionModel: Model = {
  source: optional('text'),
  sourceURL: optional('text'),
  sourcePath: optional('text'),
  createdTime: optional('int'),
  faasId: optional('text'),
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
  tags: many(tag),
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
  tags: many(tag),
}

export const versionModel: Model = {
  version: always('text'),
  commit: always('text'),
  buildDate: always('text'),
  goVersion: always('text'),
  compiler: always('text'),
  platform: always('text'),
}
