/** Owns `__complete`: what the completion scripts ask, one candidate a line, its summary behind a tab. */
import type { ApiRequest } from '../client.ts'
import { anyNumber, defineCommand, type Invocation } from '../command.ts'
import { type Candidate, type LoadNames, listCandidates } from '../completion/candidates.ts'
import { readUnfinished } from '../completion/words.ts'
import { listContexts } from '../config/contexts.ts'
import { eventPath } from '../events.ts'
import { objectsOf, textOf } from '../format/json.ts'
import { credentials, resources } from '../resources.ts'
import { listSchedules } from '../schedules.ts'
import type { Session } from '../session.ts'

/** Of runs and events the newest. */
const limit = '20'

function planNames(source: string, [functionName = '']: readonly string[]): ApiRequest | undefined {
  if (source === 'runs') return { method: 'GET', path: ['v1', 'runs'], query: { functionName, limit } }
  if (source === 'events') return { method: 'GET', path: eventPath, query: { limit } }
  if (source === 'driver-types')
    return { method: 'GET', path: resources.driverType.path, query: resources.driverType.tableQuery }
  const resource = [...Object.values(resources), ...Object.values(credentials)].find(({ kind }) => kind === source)
  return resource && { method: 'GET', path: resource.path }
}

const loadNames =
  (session: Session): LoadNames =>
  async (source, args) => {
    if (source === 'contexts') return listContexts((await session.config()).content).map(({ name }) => name)
    if (source === 'schedules') return (await listSchedules(await session.client())).map(({ name }) => name)
    const request = planNames(source, args)
    if (request === undefined) return []
    const client = await session.client()
    return objectsOf(await client.request(request)).map(({ name, id }) => textOf(name ?? id))
  }

const renderCandidate = ({ word, summary }: Candidate): string =>
  summary === '' ? `${word}\n` : `${word}\t${summary}\n`

/** A shell shows no errors while a line is being typed. */
async function findCandidates(words: readonly string[], { session, root }: Invocation): Promise<Candidate[]> {
  try {
    const unfinished = await readUnfinished(root, words)
    const asTyped = session.withFlags(unfinished.globals)
    return await listCandidates(unfinished, loadNames(asTyped)).finally(() => asTyped.close())
  } catch {
    return []
  }
}

export const command = defineCommand({
  usage: '-- WORDS...',
  arity: anyNumber,
  flags: { empty: { kind: 'toggle', summary: 'the word being typed is empty, and was left out' } },
  async run(invocation) {
    const { args, flags, io } = invocation
    const candidates = await findCandidates(flags.empty ? [...args, ''] : args, invocation)
    io.stdout.write(candidates.map(renderCandidate).join(''))
    return 0
  },
})
