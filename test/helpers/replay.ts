/** Sends recorded requests to a server and expects the answers that were recorded. */
import type { ExecutionContext } from 'ava'
import { comparable, type Exchange, loadCapture, withoutFinishedTime } from './captures.ts'
import type { TestApp } from './test-app.ts'

/** All exchanges of the capture, or those that `only` keeps; `likeRecorded` undoes in our answer what differs on purpose. */
export async function replay(
  t: ExecutionContext,
  { app }: TestApp,
  capture: { number: string; only?: (exchange: Exchange) => boolean; likeRecorded?: (json: string) => string },
): Promise<void> {
  const { number, only = () => true, likeRecorded = json => json } = capture
  const exchanges = loadCapture(number).filter(only)
  t.not(exchanges.length, 0)
  for (const { request, answer: expected } of exchanges) {
    const { 'content-length': _, 'transfer-encoding': __, host: ___, ...headers } = request.headers
    const payload = request.body === '' ? {} : { payload: request.body }
    const response = await app.api.inject({
      method: request.method as 'GET',
      url: request.url,
      headers,
      ...payload,
    })
    t.is(response.statusCode, expected.status, `${number}: status`)
    t.is(response.headers['content-type'], expected.headers['content-type'], `${number}: content type`)
    const body = expected.body.includes('"finishedTime":-') ? withoutFinishedTime(response.body) : response.body
    t.deepEqual(comparable(likeRecorded(body)), comparable(expected.body), `${number}: ${request.startLine}`)
  }
}
