/** Owns what `describe` gathers about an object: itself, what it uses, who uses it, how its last runs failed. */
import { loadLastBuild } from './build-log.ts'
import type { ApiClient } from './client.ts'
import { ApiFailure, isNotFound } from './failure.ts'
import { type Json, type JsonObject, objectOf, objectsOf, textOf } from './format/json.ts'
import { shape } from './format/model.ts'
import { references } from './references.ts'
import { type Resource, resources } from './resources.ts'

export interface Subject {
  readonly resource: Resource
  readonly name: string
}

/** Another object and what is known of it. */
export interface Neighbour extends Subject {
  /** READY for kinds without a status. */
  readonly status: string
}

export interface Description {
  /** Undefined when it is not there; others may still use its name. */
  readonly object: JsonObject | undefined
  readonly uses: readonly Neighbour[]
  readonly usedBy: readonly Neighbour[]
  /** Of the last runs, the newest first. */
  readonly failedRuns: readonly JsonObject[]
  /** Of a subscription: what it did not get. Undefined where the server does not tell. */
  readonly deliveries?: JsonObject | undefined
  /** Of an image: how its last build went. Undefined when there was none. */
  readonly lastBuild?: JsonObject | undefined
  /** Why some of it could not be told. */
  readonly gaps: readonly string[]
}

const runsLookedAt = '100'
const failuresTold = 5

async function findAt(client: ApiClient, path: readonly string[]): Promise<JsonObject | undefined> {
  try {
    return objectOf(await client.request({ method: 'GET', path }))
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

const find = (client: ApiClient, { resource, name }: Subject) => findAt(client, [...resource.path, name])

const statusOf = (object: JsonObject | undefined): string => (object ? textOf(object.status) || 'READY' : 'not there')

async function findUsed(client: ApiClient, resource: Resource, object: JsonObject): Promise<Neighbour[]> {
  const subjects = references
    .filter(({ user }) => user.kind === resource.kind)
    .flatMap(({ used, namesIn }) => namesIn(object).map(name => ({ resource: used, name })))
  const neighbours: Neighbour[] = []
  for (const subject of subjects) neighbours.push({ ...subject, status: statusOf(await find(client, subject)) })
  return neighbours
}

async function findUsers(client: ApiClient, { resource, name }: Subject, gaps: string[]): Promise<Neighbour[]> {
  const neighbours: Neighbour[] = []
  for (const { user, used, namesIn } of references) {
    if (used.kind !== resource.kind) continue
    try {
      const found = objectsOf(await client.request({ method: 'GET', path: user.path }))
      const users = found.filter(object => namesIn(object).includes(name))
      neighbours.push(...users.map(it => ({ resource: user, name: textOf(it.name), status: statusOf(it) })))
    } catch (thrown) {
      if (!(thrown instanceof ApiFailure)) throw thrown
      gaps.push(`which ${user.label}s use it cannot be told: ${thrown.message}`)
    }
  }
  return neighbours
}

async function findFailedRuns(client: ApiClient, functionName: string): Promise<JsonObject[]> {
  const query = { functionName, since: '-62135596800', limit: runsLookedAt }
  const runs = objectsOf(await client.request({ method: 'GET', path: ['v1', 'runs'], query }))
  return runs.filter(({ status }) => textOf(status) === 'ERROR').slice(0, failuresTold)
}

/** Servers before this version do not know of it. */
async function findDeliveries(client: ApiClient, { resource, name }: Subject): Promise<JsonObject | undefined> {
  const backlog = await findAt(client, [...resource.path, name, 'backlog'])
  if (!backlog) return undefined
  const { reason = null, ...counts } = backlog
  return reason === null ? counts : { ...counts, reason }
}

/** What is there of it. */
export async function describeSubject(client: ApiClient, subject: Subject): Promise<Description> {
  const { resource, name } = subject
  const gaps: string[] = []
  const object = await find(client, subject)
  return {
    object: object && shape(resource.model, object, 'json'),
    uses: object ? await findUsed(client, resource, object) : [],
    usedBy: await findUsers(client, subject, gaps),
    failedRuns: object && resource === resources.function ? await findFailedRuns(client, name) : [],
    deliveries: object && resource === resources.subscription ? await findDeliveries(client, subject) : undefined,
    lastBuild: object && resource === resources.image ? await loadLastBuild(client, name) : undefined,
    gaps,
  }
}

const describeNeighbour = ({ resource, name, status }: Neighbour): Json => ({ kind: resource.kind, name, status })

function describeRun(run: JsonObject): Json {
  const { type = null, message = null } = objectOf(run.error)
  return { name: run.name ?? null, finishedTime: run.finishedTime ?? null, type, message }
}

/** For other programs; values of secrets stay out of it. */
export function renderDescription({ resource, name }: Subject, description: Description): JsonObject {
  const { object, uses, usedBy, failedRuns, deliveries, lastBuild } = description
  const hidden = resource === resources.secret && object ? { secrets: hideValues(object.secrets) } : {}
  return {
    ...(object ? { ...object, ...hidden } : { name, kind: resource.kind, status: 'not there' }),
    ...(deliveries && { deliveries }),
    ...(lastBuild && { lastBuild }),
    uses: uses.map(describeNeighbour),
    usedBy: usedBy.map(describeNeighbour),
    ...(resource === resources.function && { lastErrors: failedRuns.map(describeRun) }),
  }
}

const hideValues = (values: Json | undefined): JsonObject =>
  Object.fromEntries(Object.keys(objectOf(values)).map(key => [key, '<hidden>']))
