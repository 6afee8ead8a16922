/** Owns which kinds a document may have, and what has to happen to each before it can be sent. */
import type { JsonObject } from '../format/json.ts'
import { type Resource, resources } from '../resources.ts'
import { type Preparation, prepareFunction, prepareImage } from './prepare.ts'

export interface DocumentKind {
  readonly resource: Resource
  /** Fills in what the document only points at: sources, files. Not called for deletion. */
  prepare(object: JsonObject, preparation: Preparation): Promise<JsonObject>
  /** What must be equal for two objects of this kind to count as the same. */
  readonly identity: readonly string[]
}

const asItIs = async (object: JsonObject) => object

export const documentKinds: Readonly<Record<string, DocumentKind>> = {
  BaseImage: { resource: resources.baseImage, prepare: asItIs, identity: ['dockerUrl', 'language'] },
  Image: {
    resource: resources.image,
    prepare: prepareImage,
    identity: ['baseImageName', 'runtimeDependencies', 'systemDependencies'],
  },
  Function: { resource: resources.function, prepare: prepareFunction, identity: ['image', 'handler', 'source'] },
}

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
