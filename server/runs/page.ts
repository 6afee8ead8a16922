/** Pages of the list of runs: where one begins, how long it is, and where the next one begins. */
import { setImmediate as immediate } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import { dispatchError } from '../core/errors.ts'
import { renderNextLink } from '../http/operation.ts'
import { pageLimit } from '../http/shapes.ts'
import {
  maxListedBytes,
  maxListedRuns,
  type RunPosition,
  type RunQuery,
  type RunRecord,
  type RunStore,
} from '../store/port.ts'

const place = (description: string) => Type.Optional(Type.String({ format: 'uuid', description }))

export const pageParameters = {
  limit: pageLimit,
  before: place('Name of a run: keeps what is older'),
  after: place('Name of a run: keeps what is newer'),
}

type Query = Record<string, string | undefined>
export type Page = Pick<RunQuery, 'limit' | 'before' | 'after'>

/** The first moment that a name of version 7 can have been given at. */
function timeOfName(name: string): bigint | undefined {
  const isTimed = name[14] === '7'
  return isTimed ? BigInt(`0x${name.slice(0, 8)}${name.slice(9, 13)}`) * 1_000_000n : undefined
}

/** A run that is no longer there has left its time in its name, so that going through pages does not end at it. */
async function findPosition(runs: Pick<RunStore, 'get'>, org: string, text: string): Promise<RunPosition> {
  const name = text.toLowerCase()
  const executedNs = (await runs.get(org, name))?.executedNs ?? timeOfName(name)
  if (executedNs === undefined) throw dispatchError('NOT_FOUND', { kind: 'function run', name: text })
  return { executedNs, name }
}

export async function readPage(
  runs: Pick<RunStore, 'get'>,
  org: string,
  { limit, before, after }: Query,
): Promise<Page> {
  return {
    ...(limit !== undefined && { limit: Number(limit) }),
    ...(before !== undefined && { before: await findPosition(runs, org, before) }),
    ...(after !== undefined && { after: await findPosition(runs, org, after) }),
  }
}

/** So many bodies are read without a pause; also what a page towards newer runs holds at most. */
const pieceLength = 1000

interface Wanted {
  query: RunQuery
  /** Absent: every run is. */
  keeps?: ((run: RunRecord) => boolean) | undefined
}

/** Newest first. A long list is read piece by piece, with room for everybody else between them. */
export async function listRuns(runs: Pick<RunStore, 'list'>, { query, keeps }: Wanted): Promise<RunRecord[]> {
  const limit = query.limit ?? defaultLimit(query)
  const kept = (piece: RunRecord[]): RunRecord[] => (keeps ? piece.filter(keeps) : piece)
  const cut = (list: RunRecord[]): RunRecord[] => (query.after ? list.slice(-limit) : list.slice(0, limit))
  if (query.sinceSeconds !== undefined)
    return cut(kept(await runs.list({ ...query, limit: keeps ? undefined : limit })))
  let listed: RunRecord[] = []
  for (let place: RunRecord | undefined; ; ) {
    const length = keeps ? pieceLength : Math.min(pieceLength, limit - listed.length)
    const next = place && (query.after ? { after: place } : { before: place })
    const piece = await runs.list({ ...query, ...next, limit: length })
    listed = query.after ? [...kept(piece), ...listed] : [...listed, ...kept(piece)]
    const isLast = piece.length < length && bytesOf(piece) < maxListedBytes
    if (isLast || listed.length >= limit || bytesOf(listed) >= maxListedBytes) return cut(listed)
    place = query.after ? piece[0] : piece.at(-1)
    await immediate()
  }
}

const defaultLimit = ({ after }: Page): number => (after ? pieceLength : maxListedRuns)
const bytesOf = (records: RunRecord[]): number => records.reduce((sum, { body }) => sum + body.length, 0)

/** The header `Link` of a list that ended because it was long enough; with `after` the next page holds newer runs. */
export function planNextLink(page: {
  query: Query
  tags: string[]
  records: RunRecord[]
  asked: Page
}): string | undefined {
  const { query, tags, records, asked } = page
  const { after, limit = defaultLimit(asked) } = asked
  if (records.length < limit && bytesOf(records) < maxListedBytes) return undefined
  const place = after ? { after: records[0]?.name } : { before: records.at(-1)?.name }
  return renderNextLink('/v1/runs', { ...query, tags, ...place })
}
