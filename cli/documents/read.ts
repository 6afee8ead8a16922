/** Owns the way from `-f FILE` to checked documents: all of them are valid before the first request is sent. */
import { mkdir, readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import type { ApiClient } from '../client.ts'
import { describeFileError, Failure } from '../failure.ts'
import { type JsonObject, textOf } from '../format/json.ts'
import { credentials } from '../resources.ts'
import { DecodeError, decodeModel } from './decode.ts'
import { type DocumentKind, documentKinds } from './kinds.ts'
import { type DocumentTree, parseDocuments, type Tree } from './tree.ts'
import { findUnknownKeys, type UnknownKey } from './unknown-keys.ts'

export interface CheckedDocument {
  readonly kind: DocumentKind
  readonly name: string
  readonly object: JsonObject
  /** File, document and line, for messages. */
  readonly where: string
  readonly unknownKeys: readonly UnknownKey[]
}

export interface Place {
  readonly cwd: string
  readonly file: string
  readonly workDir: string
}

export const isUrl = (file: string): boolean => /^https?:\/\//.test(file)

function textAt(tree: Tree, key: string): string {
  const entries = tree.is === 'map' ? tree.entries : []
  const value = entries.findLast(([name]) => name.toLowerCase() === key)?.[1]
  return value?.is === 'scalar' ? value.text : ''
}

/** Of kinds that are in no file. */
function adviceFor(kindName: string): string {
  const known = Object.values(credentials).find(({ kind }) => kind === kindName)
  return known ? `; it is made by dispatch iam create ${known.label}` : ''
}

function checkDocument({ number, tree }: DocumentTree, file: string): CheckedDocument {
  const fail = (cause: string) => new Failure(`${file}: document ${number}, ${cause}`)
  if (tree.is !== 'map') throw fail(`line ${tree.line}: not a map with kind and name`)
  const kindName = textAt(tree, 'kind')
  const kind = Object.hasOwn(documentKinds, kindName) ? documentKinds[kindName] : undefined
  const known = Object.keys(documentKinds).sort().join(', ')
  if (kindName === '') throw fail(`line ${tree.line}: kind is required (one of ${known})`)
  if (kind === undefined)
    throw fail(`line ${tree.line}: unknown kind ${JSON.stringify(kindName)} (known: ${known})${adviceFor(kindName)}`)
  try {
    const object = decodeModel(kind.resource.model, tree)
    const name = textOf(object.name)
    if (name === '') throw fail(`line ${tree.line}: name is required`)
    const where = `${file}: document ${number}, line ${tree.line}`
    return { kind, name, object, where, unknownKeys: findUnknownKeys(kind.resource.model, tree) }
  } catch (thrown) {
    throw thrown instanceof DecodeError ? fail(thrown.message) : thrown
  }
}

/** Throws Failure for the first document that could not be sent. */
export const checkDocuments = (text: string, file: string): CheckedDocument[] =>
  parseDocuments(text, file).map(document => checkDocument(document, file))

/** Below the working directory first; a path that already leads to the file is taken as it is. */
async function readLocal({ cwd, file, workDir }: Place): Promise<string> {
  const joined = isAbsolute(file) ? file : join(workDir, file)
  try {
    return await readFile(resolve(cwd, joined), 'utf8')
  } catch (thrown) {
    const asGiven = joined === file ? undefined : await readFile(resolve(cwd, file), 'utf8').catch(() => undefined)
    if (asGiven !== undefined) return asGiven
    throw new Failure(`Error reading file ${joined}: ${describeFileError(thrown, 'open', joined)}`)
  }
}

async function readRemote({ cwd, file, workDir }: Place, client: ApiClient): Promise<string> {
  if (workDir !== '') await mkdir(resolve(cwd, workDir), { recursive: true })
  return (await client.download(file)).toString('utf8')
}

export async function readDocuments(place: Place, client: ApiClient): Promise<CheckedDocument[]> {
  const text = isUrl(place.file) ? await readRemote(place, client) : await readLocal(place)
  return checkDocuments(text, place.file)
}
