/** Paths that lead nowhere: which of the refusals each gets. */
import test from 'ava'
import fc from 'fast-check'
import { createNotRouted } from '../../../../server/http/not-routed.ts'
import { jsonReply, type Operation } from '../../../../server/http/operation.ts'

const operation = (method: Operation['method'], path: string): Operation => ({
  id: path,
  method,
  path,
  group: '',
  summary: '',
  answers: {},
  access: 'known',
  handle: async () => jsonReply(200, null),
})
const notRouted = createNotRouted([
  operation('GET', '/v1/function'),
  operation('POST', '/v1/function'),
  operation('PUT', '/v1/function/{functionName}'),
])

const cases: [string, string, number, string[]][] = [
  ['PATCH', '/v1/function', 405, ['GET', 'POST']],
  ['PATCH', '/v1/function/?a=/v1/iam', 405, ['GET', 'POST']],
  ['GET', '/v1/function/name', 405, ['PUT']],
  ['GET', '/v1/function/name/deeper', 404, []],
  ['GET', '/v1/secret', 404, []],
  ['GET', '/v1/application/anything', 501, []],
  ['GET', '/v1', 404, []],
  ['GET', '/v2/function', 404, []],
  ['GET', '//v1/function', 404, []],
  ['OPTIONS', '*', 404, []],
  ['GET', '', 404, []],
]
for (const [method, url, status, allowed] of cases) {
  test(`${method} ${url}`, t => {
    const refusal = notRouted(method, url)
    t.deepEqual([refusal.error.httpStatus, refusal.allowed], [status, allowed])
  })
}

test('services of other editions are told to be so, whatever is asked of them', t => {
  const message = 'Endpoint is not implemented in this version of Dispatch'
  for (const service of ['eventdrivers', 'application', 'serviceclass', 'serviceinstance'])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])
      for (const rest of ['', '/', '/a', '/a/b?c=d'])
        t.like(notRouted(method, `/v1/${service}${rest}`).error, { httpStatus: 501, code: 501, message })
})

test('a path of a known service is named, another one is not', t => {
  t.is(notRouted('GET', '/v1/secret/x?y=1').error.message, 'path /v1/secret/x was not found')
  t.is(notRouted('GET', '/v1/nosuch/x').error.message, 'resource does not exist')
})

test('any URL is refused in words, whatever is in it', t => {
  fc.assert(
    fc.property(fc.string(), fc.webPath(), (method, path) => {
      t.true([404, 405, 501].includes(notRouted(method, path).error.httpStatus))
    }),
  )
})
