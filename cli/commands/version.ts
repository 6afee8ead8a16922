/** Owns `version`: the client's version always, the server's when there is one. */
import type { ApiClient } from '../client.ts'
import { anyNumber, defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { type JsonObject, objectOf, renderJson, textOf } from '../format/json.ts'
import { shape } from '../format/model.ts'
import { versionModel } from '../format/models.ts'
import { cleanText } from '../format/terminal.ts'
import { version } from '../version.ts'

const clientVersion = (platform: string): JsonObject =>
  shape(versionModel, { version, compiler: 'node', platform }, 'json')

/** A server that asks for credentials tells its version to whom it knows; whoever is not known takes what it says. */
async function askAgain(client: ApiClient, told: JsonObject): Promise<JsonObject> {
  if (textOf(told.version) !== 'hidden') return told
  return client.request({ method: 'GET', path: ['v1', 'version'] }).then(objectOf, () => told)
}

/** Servers before 0.1 tell their version on the health page only. */
async function loadServerVersion(client: ApiClient): Promise<JsonObject> {
  try {
    const told = objectOf(await client.request({ method: 'GET', path: ['v1', 'version'], anonymous: true }))
    return await askAgain(client, told)
  } catch (thrown) {
    const health = await client.request({ method: 'GET', path: ['healthz'], anonymous: true }).catch(() => null)
    const found = objectOf(objectOf(health).version)
    if (textOf(found.version) === '') throw thrown
    return found
  }
}

export const command = defineCommand({
  usage: '',
  description: 'Print the version of the client, and of the server when it can be reached.',
  arity: anyNumber,
  flags: {},
  async run({ session, io }) {
    const { output } = await session.settings()
    if (output === 'table') session.print(`Client: ${version}`)
    const result: JsonObject = { client: clientVersion(io.platform) }
    try {
      const server = await loadServerVersion(await session.client())
      result.server = shape(versionModel, server, 'json')
      if (output === 'table') session.print(`Server: ${cleanText(textOf(server.version))}`)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      io.stderr.write(`Server: unavailable (${thrown.message})\n`)
    }
    if (output === 'json') session.print(renderJson(result, 2))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(result))
    return 0
  },
})
