/** Owns the document that stands beside a function's code: what `init` writes and `dev` reads. */

import type { ApiClient } from '../client.ts'
import { Failure } from '../failure.ts'
import { textOf } from '../format/json.ts'
import { type CheckedDocument, type Place, readDocuments } from './read.ts'

export const functionFile = 'function.yaml'

/** Throws Failure when the file does not hold just one function with its code. */
export async function readFunctionFile(place: Place, client: ApiClient): Promise<CheckedDocument> {
  const [document, ...others] = await readDocuments(place, client)
  const isFunction = document?.kind.resource.kind === 'Function' && others.length === 0
  if (document === undefined || !isFunction) throw new Failure(`${place.file} must hold one document, of kind Function`)
  if (textOf(document.object.sourcePath) === '')
    throw new Failure(`${place.file} has no sourcePath; with "sourcePath: ." the code is that beside it`)
  return document
}
