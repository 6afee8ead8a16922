/** Pages of the list of runs, over HTTP: each run once, newest first, and a link as long as there may be more. */
import test, { type ExecutionContext } from 'ava'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { maxListedRuns, type RunRecord } from '../../../../server/store/port.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const startMs = 1_790_000_000_000
const nameAt = (ms: number, number: number): string => {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(number).padStart(12, '0')}`
}
/** A run that got the number as its input. */
const bodyOf = (name: string, number: number, output?: string): string => {
  const ids = { name, functionName: 'fn', functionId: name, faasId: name }
  const rest = { executedTime: 1, reason: null, secrets: null, services: null, status: 'READY', tags: [] }
  return JSON.stringify({ ...ids, input: number, output, ...rest })
}
const record = (number: number, fields: Partial<RunRecord> = {}): RunRecord => {
  const name = nameAt(startMs + number, number)
  const executedNs = BigInt(startMs + number) * 1_000_000n
  const common = { org: 'dispatch', functionName: 'fn', functionId: 'f', status: 'READY' as const }
  return { name, ...common, executedNs, modifiedNs: executedNs, body: bodyOf(name, number), ...fields }
}

async function prepare(t: ExecutionContext, records: RunRecord[]) {
  const store = createMemoryStore()
  for (const each of records) await store.runs.put(each)
  const { call } = await createTestApp(t, {}, { store })
  const list = async (url: string) => {
    const { status, body, headers } = await call('GET', url)
    if (status !== 200) throw new Error(JSON.stringify(body))
    const next = /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1]
    return { numbers: body.map((run: { input: number }) => run.input), next }
  }
  return { call, list }
}

const ten = Array.from({ length: 10 }, (_, index) => record(index))

test('links lead through all runs, each once', async t => {
  const other = record(99, { functionName: 'other' })
  const { list } = await prepare(t, [...ten, other])
  const seen: number[][] = []
  for (let url: string | undefined = '/v1/runs?functionName=fn&limit=4&since=-5'; url; ) {
    const page: { numbers: number[]; next: string | undefined } = await list(url)
    seen.push(page.numbers)
    url = page.next
  }
  t.deepEqual(seen, [
    [9, 8, 7, 6],
    [5, 4, 3, 2],
    [1, 0],
  ])
})

test('after a run come those next to it, and the link goes on to newer ones', async t => {
  const { list } = await prepare(t, ten)
  const first = await list(`/v1/runs?limit=3&after=${ten[2]?.name}`)
  t.deepEqual(first.numbers, [5, 4, 3])
  t.deepEqual((await list(first.next ?? '')).numbers, [8, 7, 6])
})

test('what only begins like the name of a run is no place', async t => {
  const { call } = await prepare(t, ten)
  const { status, body } = await call('GET', '/v1/runs?before=urn:uuid:00000700-0000-7000-8000-000000000000')
  t.is(status, 422)
  t.is(body.code, 601)
})

test('a run that is gone still is a place in the list, in any case of letters', async t => {
  const { list } = await prepare(
    t,
    ten.filter((_, index) => index !== 5),
  )
  t.deepEqual((await list(`/v1/runs?limit=2&before=${ten[5]?.name.toUpperCase()}`)).numbers, [4, 3])
})

test('a name without a time that nobody has is not found', async t => {
  const { call } = await prepare(t, ten)
  const name = '5f1c1bd5-4d0a-4bd1-9f7a-6e1b8d6c0a11'
  const { status, body } = await call('GET', `/v1/runs?before=${name}`)
  t.deepEqual([status, body.message], [404, `function run ${name} not found`])
})

test('a limit is a number from 1 to 1000, a place a UUID', async t => {
  const { call } = await prepare(t, ten)
  for (const query of ['limit=0', 'limit=1001', 'limit=x', 'limit=-1', 'limit=', 'before=x', 'after=1'])
    t.is((await call('GET', `/v1/runs?${query}`)).status, 422, query)
  for (const query of ['limit=1', 'limit=1000']) t.is((await call('GET', `/v1/runs?${query}`)).status, 200, query)
})

test('without a limit all runs come, up to a number and a size, and a link says that there are more', async t => {
  const { list } = await prepare(t, ten)
  t.deepEqual(await list('/v1/runs'), { numbers: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], next: undefined })
  const many = Array.from({ length: maxListedRuns + 3 }, (_, index) => record(index))
  const { list: listMany } = await prepare(t, many)
  const { numbers, next = '' } = await listMany('/v1/runs?functionName=fn')
  t.is(numbers.length, maxListedRuns)
  t.deepEqual((await listMany(next)).numbers, [2, 1, 0])
})

const tagsOf = (number: number) => [
  { key: 'parity', value: number % 2 === 0 ? 'even' : 'odd' },
  ...(number % 3 === 0 ? [{ key: 'three', value: '' }] : []),
]
const tagged = (number: number): RunRecord => {
  const { name, body } = record(number)
  const status = number % 5 === 0 ? 'ERROR' : 'READY'
  const tags = JSON.stringify(number === 7 ? [] : tagsOf(number))
  return record(number, {
    status,
    body: body.replace('"tags":[]}', `"tags":${tags}}`).replace('"READY"', `"${status}"`),
    name,
  })
}
/** More than are read at once. */
const many = Array.from({ length: 1205 }, (_, number) => number)
const newestFirst = (wanted: (number: number) => boolean) => many.filter(wanted).toReversed()

test('lists of runs are narrowed by tags and state like any other', async t => {
  const { list } = await prepare(t, many.map(tagged))
  const numbersOf = async (query: string) => (await list(`/v1/runs?${query}`)).numbers
  t.deepEqual(
    await numbersOf('tags=parity=odd'),
    newestFirst(number => number % 2 === 1 && number !== 7),
  )
  t.deepEqual(
    await numbersOf('tags=parity=odd&tags=three'),
    newestFirst(number => number % 6 === 3),
  )
  t.deepEqual(
    await numbersOf('state=ERROR&tags=three'),
    newestFirst(number => number % 15 === 0),
  )
  t.deepEqual(
    await numbersOf('state=ERROR&since=0&functionName=fn'),
    newestFirst(number => number % 5 === 0),
  )
  t.deepEqual(await numbersOf('tags=nobody'), [])
})

for (const direction of ['older', 'newer'] as const) {
  test(`links lead through a narrowed list, each run once, towards ${direction} ones`, async t => {
    const { list } = await prepare(t, many.map(tagged))
    const first = direction === 'newer' ? `&after=${record(0).name}` : ''
    const seen: number[] = []
    for (let url: string | undefined = `/v1/runs?tags=parity=even&tags=three&state=READY&limit=37${first}`; url; ) {
      const page: { numbers: number[]; next: string | undefined } = await list(url)
      if (direction === 'newer') seen.unshift(...page.numbers)
      else seen.push(...page.numbers)
      url = page.next
    }
    t.deepEqual(
      seen,
      newestFirst(number => number % 6 === 0 && number % 5 !== 0),
    )
  })
}

test('large bodies make shorter pages', async t => {
  const text = 'x'.repeat(12 * 1024 * 1024)
  const large = ten.map((each, number) => ({ ...each, body: bodyOf(each.name, number, text) }))
  const { list } = await prepare(t, large)
  const { numbers, next = '' } = await list('/v1/runs?limit=1000')
  t.deepEqual(numbers, [9, 8, 7])
  t.deepEqual((await list(next)).numbers, [6, 5, 4])
})
