/** Owns `create secret`. */
import { atLeast, defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { loadText } from '../files.ts'
import { applicationFlag } from '../flag.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../format/json.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

/** The parser's own words may quote the secret. */
function parseQuietly(text: string, path: string): Json {
  try {
    return parseJson(text)
  } catch {
    throw new Failure(`Error when parsing JSON from ${path}: it is not well-formed`)
  }
}

async function loadValues(cwd: string, path: string): Promise<JsonObject> {
  const value = parseQuietly(await loadText({ cwd, path }, `error when reading content of ${path}`), path)
  if (!isJsonObject(value)) throw new Failure(`Error when parsing JSON from ${path}: it must be an object`)
  const wrong = Object.keys(value).find(key => typeof value[key] !== 'string')
  if (wrong === undefined) return value
  throw new Failure(`Error when parsing JSON from ${path}: ${JSON.stringify(wrong)} must be text, in quotes`)
}

export const command = defineCommand({
  usage: 'SECRET_NAME SECRETS_FILE',
  description: "Create a secret from a JSON file of names and texts. An empty file name ('') makes one without values.",
  examples: ['dispatch create secret open-sesame secret.json'],
  arity: atLeast(2),
  flags: { ...applicationFlag, ...waitFlags },
  async run(invocation) {
    const [name = '', path = ''] = invocation.args
    const values = path === '' ? {} : { secrets: await loadValues(invocation.io.cwd, path) }
    const body = { name, ...values, tags: tagsOrNull(invocation.flags.application) }
    return createObject(invocation, resources.secret, body)
  },
})
