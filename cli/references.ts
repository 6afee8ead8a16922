/** Owns which kinds of objects name which others, and where: who uses what. */
import { type JsonObject, textOf, textsOf } from './format/json.ts'
import { type Resource, resources } from './resources.ts'

export interface Reference {
  readonly user: Resource
  readonly used: Resource
  /** Names of what the object uses. */
  namesIn(object: JsonObject): readonly string[]
}

const oneName = (key: string) => (object: JsonObject) => [textOf(object[key])].filter(Boolean)
const manyNames = (key: string) => (object: JsonObject) => textsOf(object[key])
const { baseImage, image, function: functions, secret, api, subscription, driver, driverType } = resources

export const references: readonly Reference[] = [
  { user: image, used: baseImage, namesIn: oneName('baseImageName') },
  { user: functions, used: image, namesIn: oneName('image') },
  { user: functions, used: secret, namesIn: manyNames('secrets') },
  { user: api, used: functions, namesIn: oneName('function') },
  { user: api, used: secret, namesIn: oneName('tls') },
  { user: api, used: secret, namesIn: oneName('authenticationSecret') },
  { user: subscription, used: functions, namesIn: oneName('function') },
  { user: subscription, used: secret, namesIn: manyNames('secrets') },
  { user: driver, used: driverType, namesIn: oneName('type') },
  { user: driver, used: secret, namesIn: manyNames('secrets') },
]
