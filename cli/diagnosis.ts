/** Owns what `doctor` looks at: each check finds what is well or not, and knows what to do about it. */
import { stat } from 'node:fs/promises'
import type { ApiClient, Inspection } from './client.ts'
import { currentName, findContext, listContexts, type NamedContext, pick } from './config/contexts.ts'
import { emptyCookies } from './config/credentials.ts'
import { ApiFailure, Failure } from './failure.ts'
import { integerOf, type JsonObject, objectOf, objectsOf, parseJson, textOf, textsOf } from './format/json.ts'
import { parseMetrics } from './format/metrics.ts'
import type { Io } from './io.ts'
import { type Resource, resources } from './resources.ts'
import type { Session } from './session.ts'
import { version } from './version.ts'

export interface Finding {
  readonly subject: string
  /** `skipped`: it could not be looked at. */
  readonly state: 'ok' | 'problem' | 'skipped'
  /** What was found and, of a problem, what to do; of what was skipped, why. */
  readonly text: string
}

const well = (subject: string, text: string): Finding => ({ subject, state: 'ok', text })
const problem = (subject: string, text: string): Finding => ({ subject, state: 'problem', text })
const skipped = (subject: string, text: string): Finding => ({ subject, state: 'skipped', text })

const noImages = 'none: dispatch create seed-images'

const maxSkewMs = 60_000

const gibibyte = 1024 ** 3
/** A few images, or the runs of a busy day. */
const leastFreeBytes = gibibyte

/** What says nothing about anybody may be read by all. */
const letsIn = ({ values }: NamedContext): boolean =>
  Boolean(pick(values, 'token')) || !emptyCookies.includes(String(pick(values, 'cookie') ?? ''))

async function checkConfigFile(session: Session): Promise<Finding[]> {
  const subject = 'config file'
  const { path, exists, content } = await session.config()
  if (!exists) return [well(subject, 'none; flags, environment and defaults count')]
  const isOpen = ((await stat(path)).mode & 0o077) !== 0 && listContexts(content).some(letsIn)
  const name = currentName(content)
  const file = isOpen
    ? problem(subject, `${path} lets others in, who can read it: chmod 600 ${path}`)
    : well(subject, path)
  if (name === '') return [file, well('context', 'none is current; flags, environment and defaults count')]
  if (findContext(content, name)) return [file, well('context', name)]
  return [file, problem('context', `${name} is current but not in ${path}: choose one by "dispatch context set NAME"`)]
}

async function checkSettings(session: Session): Promise<Finding[]> {
  const { organization } = await session.settings()
  if (organization !== '') return [well('organization', organization)]
  return [problem('organization', 'none; name one by --organization, or in the context')]
}

function parseAnswer(text: string): JsonObject {
  try {
    return objectOf(parseJson(text))
  } catch {
    return {}
  }
}

/** Servers write theirs as `v0.1.0-solo`. */
const bareVersion = (text: string): string => text.replace(/^v/, '').replace(/-solo$/, '')

/** What servers say instead to whom they do not know. */
const hidden = 'hidden'

/** A server that asks for credentials tells it to whom it knows. */
async function findVersion(client: ApiClient, told: string): Promise<string> {
  if (told !== hidden) return told
  const { text } = await client.inspect({ method: 'GET', path: ['v1', 'version'] })
  return textOf(parseAnswer(text).version) || hidden
}

function checkVersion(server: string): Finding {
  if (server === hidden) return well('version', `${version}; the server tells its own to whom it knows alone`)
  if (bareVersion(server) === version) return well('version', version)
  return problem(
    'version',
    `this is ${version}, the server ${server}: use the dispatch command of the server's version`,
  )
}

const modes: Readonly<Record<string, string>> = {
  open: 'open: any credential counts, which only programs on its own machine reach',
  required: 'required: who asks must be known to it, and allowed to by its policies',
}

/** A server that asks for credentials tells why to whom it knows. */
async function findReason(client: ApiClient, { auth, authReason }: JsonObject): Promise<string> {
  if (textOf(auth) !== 'required' || authReason !== undefined) return textOf(authReason)
  const { text } = await client.inspect({ method: 'GET', path: ['healthz'] })
  return textOf(parseAnswer(text).authReason)
}

/** A server that does not tell is one of before there were modes. */
async function describeAccess(client: ApiClient, health: JsonObject): Promise<Finding[]> {
  const text = modes[textOf(health.auth)]
  if (text === undefined) return []
  const reason = await findReason(client, health)
  return [well('access', reason === '' ? text : `${text} (${reason})`)]
}

function checkHealth({ status }: Inspection, health: JsonObject): Finding {
  if (status === 200) return well('health', 'the server can do its work')
  const cause = textOf(health.docker) || `HTTP ${status}`
  return problem('health', `${cause}: look at Docker on the server's machine, then at the server's log`)
}

function checkCertificate({ tls }: JsonObject): Finding[] {
  const cause = textOf(tls)
  return cause === '' ? [] : [problem('certificate', `${cause}; see the server's guide to TLS`)]
}

function checkClock({ date }: Inspection, io: Io): Finding {
  if (date === undefined) return well('clock', 'the server does not tell its time')
  const skewMs = Math.abs(io.now().getTime() - date.getTime())
  if (skewMs <= maxSkewMs) return well('clock', 'that of the server is the same')
  const seconds = Math.round(skewMs / 1000)
  return problem(
    'clock',
    `that of the server differs by ${seconds}s: set both by a time server, or logins may be refused`,
  )
}

/** A server that does not tell has none of these metrics. */
async function checkDisk(client: ApiClient): Promise<Finding[]> {
  const { status, text } = await client.inspect({ method: 'GET', path: ['metrics'] })
  const metrics = parseMetrics(status === 200 ? text : '')
  const [free, size] = [metrics.get('dispatch_disk_free_bytes'), metrics.get('dispatch_disk_bytes')]
  if (free === undefined || size === undefined) return []
  const found = `${(free / gibibyte).toFixed(1)} of ${(size / gibibyte).toFixed(1)} GiB free`
  if (free >= leastFreeBytes) return [well('disk', found)]
  return [problem('disk', `${found}, where the server keeps its data: make room there, or nothing can be stored soon`)]
}

async function checkObjects(client: ApiClient, resource: Resource, whenNone?: string): Promise<Finding[]> {
  const subject = `${resource.label}s`
  const objects = objectsOf(await client.request({ method: 'GET', path: resource.path }))
  if (objects.length === 0) return whenNone === undefined ? [] : [problem(subject, whenNone)]
  const failed = objects.filter(({ status }) => status === 'ERROR')
  const ready = objects.filter(({ status }) => status === 'READY').length
  const counted = `${ready} of ${objects.length} READY`
  if (failed.length === 0) return [well(subject, counted)]
  return failed.map(({ name, reason }) =>
    problem(subject, `${textOf(name)} is in ERROR: ${textsOf(reason).join('; ')}; mend that, or delete it`),
  )
}

const mebibyte = 1024n ** 2n

/** They are no problem: they go by themselves. A server that does not tell has none. */
async function checkUnusedImages(client: ApiClient): Promise<Finding[]> {
  const { status, text } = await client.inspect({ method: 'GET', path: ['v1', 'usage', 'images'] })
  const unused = status === 200 ? objectsOf(parseJson(text)) : []
  if (unused.length === 0) return []
  const bytes = unused.reduce((sum, each) => sum + integerOf(each.bytes), 0n)
  const found = `${unused.length} that nothing uses, of up to ${bytes / mebibyte} MiB`
  return [well('Docker images', `${found}: they go by themselves, or now by dispatch image prune`)]
}

async function checkServer(session: Session, io: Io): Promise<Finding[]> {
  const client = await session.client()
  const inspection = await client.inspect({ method: 'GET', path: ['healthz'], anonymous: true })
  const health = parseAnswer(inspection.text)
  const version = textOf(objectOf(health.version).version)
  if (version === '') throw new Failure(`what answers at ${client.place} is no Dispatch server: see --host and --port`)
  const found = [well('server', `${client.place} answers`), checkVersion(await findVersion(client, version))]
  return [
    ...found,
    ...(await describeAccess(client, health)),
    checkHealth(inspection, health),
    ...checkCertificate(health),
    checkClock(inspection, io),
    ...(await checkDisk(client)),
  ]
}

interface Check {
  readonly subject: string
  look(): Promise<Finding[]>
}

const planChecks = (session: Session, io: Io): readonly Check[] => [
  { subject: 'config file', look: () => checkConfigFile(session) },
  { subject: 'organization', look: () => checkSettings(session) },
  { subject: 'server', look: () => checkServer(session, io) },
]

/** What those see whom policies let. */
function planObjectChecks(session: Session): readonly Check[] {
  const of = (resource: Resource, whenNone?: string): Check => ({
    subject: `${resource.label}s`,
    look: async () => checkObjects(await session.client(), resource, whenNone),
  })
  return [
    of(resources.baseImage, noImages),
    of(resources.image, noImages),
    ...[resources.function, resources.subscription, resources.driver].map(resource => of(resource)),
  ]
}

const hasCode = (thrown: Failure, code: string): boolean => thrown instanceof ApiFailure && thrown.code === code

const skipBecauseOf = (obstacle: Finding, subject: string): Finding =>
  skipped(subject, `not looked at, because of the problem with the ${obstacle.subject}`)

/** What it is that keeps the rest from being looked at. */
const findObstacle = (subject: string, thrown: Failure): Finding =>
  hasCode(thrown, '401')
    ? problem('login', `${thrown.message}: log in by dispatch login, or see --token and --service-account`)
    : problem(subject, thrown.message)

/** Who may see some of them is told of those; to see none of them is a problem. */
const nothingSeen = problem('rights', 'none of these may be seen: ask for a policy, or see --organization')

/** Each in turn. After one that could not be made the rest is skipped, but for what only this caller may not see. */
export async function* diagnose(session: Session, io: Io): AsyncGenerator<Finding> {
  const objects = planObjectChecks(session)
  const unused = { subject: 'Docker images', look: async () => checkUnusedImages(await session.client()) }
  let obstacle: Finding | undefined
  let refused = 0
  for (const { subject, look } of [...planChecks(session, io), ...objects, unused]) {
    if (obstacle) {
      yield skipBecauseOf(obstacle, subject)
      continue
    }
    try {
      yield* await look()
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      if (hasCode(thrown, '403')) {
        refused += 1
        yield skipped(subject, thrown.message)
        continue
      }
      obstacle = findObstacle(subject, thrown)
      yield obstacle
      if (obstacle.subject !== subject) yield skipBecauseOf(obstacle, subject)
    }
  }
  if (refused === objects.length) yield nothingSeen
}
