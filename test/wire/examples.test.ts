/** The example of every operation works as it stands: first what makes something, then what reads it, last what deletes it. */
import test from 'ava'
import { describe } from '../../server/http/document/describe.ts'
import { exampleOf, renderCurl } from '../../server/http/document/example.ts'
import type { Operation } from '../../server/http/operation.ts'
import { createTestApp } from '../helpers/test-app.ts'

/** Named by what only the server gives: they cannot be known before. */
const ofOthers: Record<string, { status: number; why: string }> = {
  getRun: { status: 404, why: 'a run is named by the server' },
  getRunLogs: { status: 404, why: 'a run is named by the server' },
  getStoredEvent: { status: 404, why: 'an event is named by the server' },
  retryStoredEvent: { status: 404, why: 'an event is named by the server' },
  loadArchive: { status: 400, why: 'what the example before sends is no archive' },
  ...Object.fromEntries(
    ['getSessions', 'logout', 'deleteSession', 'changePassword'].map(id => [
      id,
      { status: 403, why: 'nobody has logged in' },
    ]),
  ),
  submitLoginPage: { status: 415, why: 'the form is that of the page' },
  handOverLogin: { status: 401, why: 'nobody has logged in' },
  endDeviceLogin: { status: 401, why: 'the code is given by the server' },
  ...Object.fromEntries(
    ['startOidcLogin', 'finishOidcLogin', 'startOidcLogout'].map(id => [
      id,
      { status: 404, why: 'there is no issuer' },
    ]),
  ),
  ingestEvent: { status: 401, why: 'a token is given by the server' },
}
const order = ['POST', 'PUT', 'GET', 'DELETE']
const rank = ({ method }: Operation): number => order.indexOf(method)

test('every example is answered as its operation says', async t => {
  const { app, call, reach } = await createTestApp(t)
  for (const operation of app.operations.toSorted((a, b) => rank(a) - rank(b))) {
    const { method, url, headers, body } = exampleOf(describe(operation))
    if (operation.id === 'runFunction') await reach('/v1/function/hello', 'READY')
    if (operation.answers[200]?.contentType) continue
    const { status, text } = await call(method, url, body, headers)
    const expected = ofOthers[operation.id]?.status ?? Number(Object.keys(operation.answers)[0])
    t.is(status, expected, `${operation.id}: ${text}`)
    if (operation.id === 'runFunction') t.deepEqual(JSON.parse(text).output, { name: 'Jon' })
  }
})

test('an example survives the shell', t => {
  const curl = renderCurl({ method: 'POST', url: '/v1/x?a=1', headers: { Cookie: 'c' }, body: { a: "it's" } })
  t.is(curl, `curl -X POST 'http://127.0.0.1:8080/v1/x?a=1' \\\n  -H 'Cookie: c' \\\n  -d '{\n  "a": "it'\\''s"\n}'`)
})
