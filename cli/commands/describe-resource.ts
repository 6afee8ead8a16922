/** Owns `describe KIND NAME` for every kind of object. */
import { type Command, defineCommand, exactly, type Invocation } from '../command.ts'
import { describeSubject, renderDescription, type Subject } from '../description.ts'
import { Failure } from '../failure.ts'
import { renderDate, renderNanoseconds, type Zone } from '../format/dates.ts'
import { integerOf, type Json, type JsonObject, objectOf, objectsOf, renderJson, textOf } from '../format/json.ts'
import { cleanText } from '../format/terminal.ts'
import { renderYaml } from '../format/yaml.ts'
import type { Resource } from '../resources.ts'

type Reader = (value: Json, zone: Zone) => Json
const readSeconds: Reader = (value, zone) => renderDate(integerOf(value), zone)
/** How a person reads what the API says in its own way. */
const readers: ReadonlyMap<string, Reader> = new Map([
  ...['createdTime', 'modifiedTime', 'created-time', 'modified-time', 'nextRun'].map(
    key => [key, readSeconds] as const,
  ),
  ['activeFaasId', value => `${textOf(value)} (the version before, which goes on answering)`],
])

const renderNeighbour = ({ kind, name, status }: JsonObject): string =>
  `${textOf(kind)} ${textOf(name)} (${textOf(status)})`

const renderError = (zone: Zone) => (error: JsonObject) => {
  const time = renderNanoseconds(integerOf(error.finishedTime), zone)
  return `${time} run ${textOf(error.name)}, ${textOf(error.type)}: ${textOf(error.message)}`
}

const renderBuild = (build: JsonObject, zone: Zone): JsonObject => ({
  ...build,
  ...(build.finishedTime !== undefined && { finishedTime: renderNanoseconds(integerOf(build.finishedTime), zone) }),
})

const isSaid = (value: Json): boolean =>
  value !== null && value !== '' && !(Array.isArray(value) && value.length === 0) && renderJson(value) !== '{}'

/** What says nothing is left out, times are for people, and name, kind and state come first. */
function renderText(description: JsonObject, zone: Zone): string {
  const { name = null, kind = null, status = null, reason = null, ...rest } = description
  const lists = {
    uses: objectsOf(rest.uses).map(renderNeighbour),
    usedBy: objectsOf(rest.usedBy).map(renderNeighbour),
    lastErrors: objectsOf(rest.lastErrors).map(renderError(zone)),
    lastBuild: renderBuild(objectOf(rest.lastBuild), zone),
  }
  const told = Object.entries<Json>({ name, kind, status, reason, ...rest, ...lists }).filter(([, value]) =>
    isSaid(value),
  )
  const readable = told.map(([key, value]) => [key, readers.get(key)?.(value, zone) ?? value])
  return cleanText(renderYaml(Object.fromEntries(readable)))
}

async function describe(subject: Subject, { session, io }: Invocation): Promise<number> {
  const { output } = await session.settings()
  const client = await session.client()
  const description = await describeSubject(client, subject)
  const { object, usedBy, gaps } = description
  const missing = new Failure(`[Code: 404] ${subject.resource.label} ${subject.name} not found`)
  if (!object && usedBy.length === 0) throw missing
  const described = renderDescription(subject, description)
  if (output === 'json') session.print(renderJson(described, 4))
  else io.stdout.write(output === 'yaml' ? renderYaml(described) : renderText(objectOf(described), io.timeZone))
  for (const gap of gaps) io.stderr.write(`${gap}\n`)
  if (!object) throw missing
  return 0
}

export const createDescribeCommand = (resource: Resource): Command =>
  defineCommand({
    usage: 'NAME',
    description: `Show everything about a ${resource.label}: its fields, what it uses and who uses it, also when it is gone itself.`,
    arity: exactly(1),
    completes: [resource.kind],
    flags: {},
    run: invocation => describe({ resource, name: invocation.args[0] ?? '' }, invocation),
  })
