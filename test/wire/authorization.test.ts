/** Every operation of the API document, against every kind of caller; the page of permissions says what each takes. */
import { generateKeyPairSync } from 'node:crypto'
import test from 'ava'
import { actions } from '../../server/core/access.ts'
import { describe } from '../../server/http/document/describe.ts'
import { exampleOf } from '../../server/http/document/example.ts'
import { giveAccount, giveOrganization, givePolicy, signFor } from '../helpers/credentials.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'
import { loadPage, parseTables, unquote } from '../unit/docs/pages.ts'

const page = 'docs/reference/permissions.md'
/** By the id of its operation. */
const ruleOf = new Map(
  parseTables(loadPage(page))
    .filter(([, rule = '']) => rule.startsWith('`'))
    .map(([id = '', rule = '']) => [unquote(id), unquote(rule)]),
)

test('every operation of the API document has its row in the page of permissions, and every row its operation', async t => {
  const { call, store } = await createTestApp(t, {}, { auth: 'required' })
  const { paths } = (await call('GET', '/v1/openapi.json', undefined, await giveAccount(store, 'dispatch/reader'))).body
  const served: [string, string][] = Object.values<Record<string, Record<string, string>>>(paths).flatMap(methods =>
    Object.values(methods).map(({ operationId = '', 'x-access': rule = '' }): [string, string] => [operationId, rule]),
  )
  t.deepEqual(Object.fromEntries(ruleOf), Object.fromEntries(served))
})

const stranger = { cookie: '', 'x-dispatch-org': 'dispatch' }
/** What operations themselves refuse sounds different. */
const ofTheGate =
  /^\{"code":40[13],"message":"(unauthenticated for|.* no policy allows it|.* belongs to no org|organization .* does not exist)/
const wrongKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

interface Asked {
  resource: string
  action: string
  isEverywhere: boolean
}

function parseRule(rule: string): Asked | undefined {
  const [, resource = '', action = '', everywhere] = /^([\w-]+):(\w+)( everywhere)?$/.exec(rule) ?? []
  return resource === '' ? undefined : { resource, action, isEverywhere: everywhere !== undefined }
}

const resources = [...new Set([...ruleOf.values()].map(rule => parseRule(rule)?.resource ?? ''))].filter(Boolean)

/** Everything but what is asked for. */
async function allowTheRest({ store }: TestApp, subject: string, { resource, action, isEverywhere }: Asked) {
  const otherActions = actions.filter(each => each !== action)
  await givePolicy(store, { subjects: [subject], actions: otherActions, global: isEverywhere })
  const otherResources = resources.filter(each => each !== resource)
  await givePolicy(store, { subjects: [subject], resources: otherResources, global: isEverywhere })
}

async function createCallers(app: TestApp, asked: Asked | undefined) {
  const { store } = app
  await giveOrganization(store, 'other')
  const right = await giveAccount(store, 'dispatch/right')
  const without = await giveAccount(store, 'dispatch/without')
  const foreign = await giveAccount(store, 'other/right')
  await givePolicy(store, { subjects: ['right'], org: 'other' })
  if (asked) {
    const { resource, action, isEverywhere } = asked
    await givePolicy(store, { subjects: ['right'], resources: [resource], actions: [action], global: isEverywhere })
    await allowTheRest(app, 'without', asked)
  }
  return {
    ...{ none: {}, right, without, foreign },
    'any cookie': { cookie: 'cookie' },
    'an unknown token': { authorization: 'Bearer dst_0000000000000000000000000000000000000000000' },
    'a wrong key': await signFor('dispatch/right', { key: wrongKey }),
    'an expired token': await signFor('dispatch/right', { seconds: -3600 }),
  }
}
type Caller = keyof Awaited<ReturnType<typeof createCallers>>

const unknown: Caller[] = ['none', 'any cookie', 'an unknown token', 'a wrong key', 'an expired token']
const known: Caller[] = ['foreign', 'without', 'right']

/** The statuses of who is not let in; undefined: of who is. */
function refusalOf(rule: string, caller: Caller): number | undefined {
  if (rule === 'public') return undefined
  if (unknown.includes(caller) || rule === 'driver') return 401
  return rule === 'known' || caller === 'right' ? undefined : 403
}

for (const [id, rule] of ruleOf)
  test(`${id}: who asks is let in, or is not`, async t => {
    const app = await createTestApp(t, {}, { auth: 'required' })
    const operation = app.app.operations.find(each => each.id === id)
    if (!operation) return t.fail(`there is no ${id}`)
    const callers = await createCallers(app, parseRule(rule))
    const { url, headers, body } = exampleOf(describe(operation))
    const { method } = operation
    // Whatever asks for no credentials answers nobody differently. Who may ask is the last one, for it may change things.
    const asking: Caller[] = rule === 'public' ? ['none'] : [...unknown, ...known]
    for (const caller of asking) {
      const sent = { ...headers, ...stranger, ...callers[caller] }
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
      const { statusCode: status, body: text } = await app.app.api.inject({ method, url, headers: sent, ...payload })
      const refusal = refusalOf(rule, caller)
      // Who is let in may hear much else, but none of these.
      if (refusal === undefined) t.false(status === 500 || ofTheGate.test(text), `${caller}: ${text}`)
      else t.is(status, refusal, caller)
    }
  })
