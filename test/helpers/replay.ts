/** Sends the recorded requests of a capture to a server and expects the answers that were recorded. */
import type { ExecutionContext } from 'ava'
import { comparable, loadCapture, uuid, withoutFinishedTime } from './captures.ts'
import { type Change, change } from './change.ts'
import type { TestApp } from './test-app.ts'

/** How our answers differ from the recorded ones on purpose. */
export interface Difference {
  readonly reason: string
  readonly status?: number
  /** What is changed in the recorded bodies, one a line. */
  readonly body?: Change
  /** Instead: members that the answer has, among others. */
  readonly like?: Readonly<Record<string, unknown>>
  /** A list is in another order. */
  readonly unordered?: boolean
}

/** Whatever the order of keys. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  )

const sorted = (list: unknown): unknown =>
  Array.isArray(list) ? list.toSorted((one, other) => textOf(one).localeCompare(textOf(other))) : list

/** A run that the URL names by its recorded id is our newest one. */
async function withOurId(app: TestApp, url: string): Promise<string> {
  if (!uuid.test(url)) return url
  const { body } = await app.call('GET', '/v1/runs')
  return url.replace(uuid, body[0].name)
}

export async function replay(
  t: ExecutionContext,
  app: TestApp,
  number: string,
  { status, body, like, unordered = false }: Partial<Difference> = {},
): Promise<void> {
  const exchanges = loadCapture(number)
  const bodies = change(exchanges.map(({ answer }) => answer.body).join('\n'), body).split('\n')
  t.is(bodies.length, exchanges.length)
  const order = unordered ? sorted : (list: unknown) => list
  for (const [index, { request, answer }] of exchanges.entries()) {
    const { 'content-length': _, 'transfer-encoding': __, host: ___, ...headers } = request.headers
    const payload = request.body === '' ? {} : { payload: request.body }
    const url = await withOurId(app, request.url)
    const sent = { method: request.method as 'GET', url, headers, ...payload }
    const response = await app.app.api.inject(sent)
    t.is(response.statusCode, status ?? answer.status, `${request.startLine}: status ${response.body}`)
    t.is(response.headers['content-type'], answer.headers['content-type'], `${request.startLine}: content type`)
    if (like) {
      t.like(response.json(), like, request.startLine)
      continue
    }
    const settle = answer.body.includes('"finishedTime":-') ? withoutFinishedTime : (json: string) => json
    const [ours, recorded] = [response.body, bodies[index] ?? ''].map(json => order(comparable(settle(json))))
    t.deepEqual(ours, recorded, request.startLine)
  }
}
