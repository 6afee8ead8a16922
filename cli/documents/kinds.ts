/** Owns which kinds a document may have, and what has to happen to each before it can be sent. */
import type { JsonObject } from '../format/json.ts'
import { type Resource, resources } from '../resources.ts'
import { checkFunction, type Preparation, prepareFunction, prepareImage } from './prepare.ts'

/** Fills in what a document only points at: sources, files. Not called for deletion. */
type Prepare = (object: JsonObject, preparation: Preparation) => Promise<JsonObject>
/** Throws Failure for what could not be filled in. */
type Check = (object: JsonObject, preparation: Preparation) => Promise<void>

export interface DocumentKind {
  readonly resource: Resource
  readonly prepare: Prepare
  readonly check: Check
  /** What must be equal for two objects of this kind to count as the same; without it they never do. */
  readonly identity?: readonly string[]
  /** Keys besides the name that must say something in what is sent. */
  readonly required: readonly string[]
}

const preparations: Readonly<Record<string, Prepare>> = { Function: prepareFunction, Image: prepareImage }
const checks: Readonly<Record<string, Check>> = {
  Function: checkFunction,
  Image: async (object, preparation) => void (await prepareImage(object, preparation)),
}
const identities: Readonly<Record<string, readonly string[]>> = {
  BaseImage: ['dockerUrl', 'language'],
  Image: ['baseImageName', 'runtimeDependencies', 'systemDependencies'],
}
const requirements: Readonly<Record<string, readonly string[]>> = { Function: ['image'] }
const asItIs: Prepare = async object => object
const nothing: Check = async () => undefined

function describeKind(resource: Resource): DocumentKind {
  const { kind } = resource
  const identity = identities[kind]
  const required = requirements[kind] ?? []
  const [prepare, check] = [preparations[kind] ?? asItIs, checks[kind] ?? nothing]
  return { resource, prepare, check, required, ...(identity && { identity }) }
}

export const documentKinds: Readonly<Record<string, DocumentKind>> = Object.fromEntries(
  Object.values(resources).map(resource => [resource.kind, describeKind(resource)]),
)

/** Keys of what `-f ... -o json` prints, in their order; kinds that were not in the file are null. */
export const resultKeys = [
  'api',
  'baseImages',
  'images',
  'driverTypes',
  'drivers',
  'subscriptions',
  'functions',
  'secrets',
  'policies',
  'serviceInstances',
  'serviceaccounts',
  'organizations',
] as const
