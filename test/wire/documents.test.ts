/** The API's description of itself: valid in both formats, and the same as what is served. */

import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import test from 'ava'
import { anyone } from '../../server/core/access.ts'
import { createDocumentOperations } from '../../server/http/document/routes.ts'
import { createTestApp } from '../helpers/test-app.ts'

/** Rows of: operation id, method, path, status codes when all is well. As existing clients know them. */
const known: [string, string, string, number[]][] = JSON.parse(
  readFileSync(new URL('../fixtures/operations.json', import.meta.url), 'utf8'),
)

interface Rendered {
  operationId: string
  responses: Record<string, unknown>
  parameters?: { name: string; in: string; description?: string; required?: boolean; schema?: object }[]
}
interface Document {
  paths: Record<string, Record<string, Rendered>>
}

const rowsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, responses }]) => {
      const statuses = Object.keys(responses).map(Number)
      return [operationId, method.toUpperCase(), path, statuses.filter(status => status < 300)] as const
    }),
  )

const anonymous = { cookie: '', 'x-dispatch-org': '' }
const sorted = <Row extends readonly unknown[]>(rows: Row[]): Row[] =>
  rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))

for (const [url, version] of [
  ['/v1/openapi.json', '3.1'],
  ['/v1/swagger.json', '2.0'],
] as const) {
  test(`${url} is valid by an independent judge, without credentials`, async t => {
    const { call } = await createTestApp(t)
    const { status, text } = await call('GET', url, undefined, anonymous)
    t.is(status, 200)
    const validator = new Validator()
    t.like(await validator.validate(JSON.parse(text)), { valid: true, errors: undefined })
    t.is(validator.version, version)
    t.notThrows(() => validator.resolveRefs())
  })

  test(`${url} has all operations, under the ids and with the status codes that clients know`, async t => {
    const { app, call } = await createTestApp(t)
    const rows = rowsOf((await call('GET', url)).body)
    const served = app.operations.map(({ id, method, path, answers }) => [
      id,
      method,
      path,
      Object.keys(answers)
        .map(Number)
        .filter(status => status < 300),
    ])
    t.deepEqual(sorted([...rows]), sorted(served))
    const ids = known.map(([id]) => id)
    t.deepEqual(sorted(rows.filter(([id]) => ids.includes(id))), sorted(known))
  })

  test(`${url} shows nothing that only validation reads, and describes every parameter`, async t => {
    const { call } = await createTestApp(t)
    const { text, body } = await call('GET', url)
    for (const internal of ['"patternText"', '"bodyName"', '"shownAs"', 'should start with'])
      t.false(text.includes(internal))
    for (const methods of Object.values((body as Document).paths)) {
      for (const { operationId, parameters = [] } of Object.values(methods)) {
        for (const { name, description, in: place } of parameters)
          t.true(place === 'body' || Boolean(description), `${operationId} does not say what ${name} is`)
      }
    }
  })
}

test('what has an error of its own, or comes as text in an address, is described as clients have to send it', async t => {
  const { call } = await createTestApp(t)
  const { paths } = (await call('GET', '/v1/openapi.json')).body as Document
  const parameterOf = (method: string, name: string) =>
    paths['/v1/runs']?.[method]?.parameters?.find(parameter => parameter.name === name)
  t.true(parameterOf('post', 'functionName')?.required)
  t.like(parameterOf('get', 'limit'), { required: false, schema: { type: 'integer', minimum: 1, maximum: 1000 } })
  t.deepEqual((await call('POST', '/v1/runs', {})).body, {
    code: 400,
    message: 'Bad Request: No function specified',
  })
  t.is((await call('GET', '/v1/runs?limit=1e2')).status, 422)
})

test('a document is made when it is first asked for, and once', async t => {
  let made = 0
  const list = () => {
    made += 1
    return []
  }
  const [openApi] = createDocumentOperations(list, 'v1')
  t.is(made, 0)
  const request = {
    org: '',
    principal: anyone,
    body: undefined,
    bodyText: '',
    path: {},
    query: {},
    tags: [],
    authorization: '',
    header: () => '',
    peer: { address: '', isLocal: false, certificateName: '' },
    isEncrypted: false,
    note: () => undefined,
  }
  for (const _ of [1, 2]) await openApi?.handle(request)
  t.is(made, 1)
})

test('the names of operations are unique, and so are method and path', async t => {
  const { app } = await createTestApp(t)
  t.is(new Set(app.operations.map(({ id }) => id)).size, app.operations.length)
  t.is(new Set(app.operations.map(({ method, path }) => `${method} ${path}`)).size, app.operations.length)
})
