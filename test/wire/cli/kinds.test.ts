/** Documents of every kind: what each becomes on the wire, and a file of all kinds under each verb. */
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { createStage, type Stage } from './stage.ts'

const minimal: readonly (readonly [document: string, request: string])[] = [
  [
    'kind: BaseImage\nname: bi\ndockerUrl: d:1\nlanguage: py',
    '/v1/baseimage {"dockerUrl":"d:1","groups":null,"kind":"BaseImage","language":"py","name":"bi","reason":null,"tags":null}',
  ],
  [
    'kind: Image\nname: im\nbaseImageName: bi\nruntimeDependencies: {manifest: "requests\\n"}',
    '/v1/image {"baseImageName":"bi","groups":null,"kind":"Image","name":"im","reason":null,"runtimeDependencies":{"manifest":"requests\\n"},"tags":null}',
  ],
  [
    'kind: Function\nname: fn\nimage: im\nsourceURL: x\ntags: [{key: role, value: test}, {label: x}]',
    '/v1/function {"sourceURL":"x","image":"im","kind":"Function","handler":"","name":"fn","reason":null,"schema":{},"secrets":null,"services":null,"tags":[{"key":"role","value":"test"},{}]}',
  ],
  [
    'kind: Secret\nname: se\nsecrets: {password: 12, n: no, empty: , pem: "-----BEGIN KEY-----"}',
    '/v1/secret {"kind":"Secret","name":"se","secrets":{"empty":"","n":"no","password":"12","pem":"-----BEGIN KEY-----"},"tags":null}',
  ],
  [
    'kind: API\nname: ap\nfunction: fn\nenabled: true\nuris: [/x]',
    '/v1/api {"enabled":true,"function":"fn","hosts":null,"kind":"API","methods":null,"name":"ap","protocols":null,"tags":null,"uris":["/x"]}',
  ],
  [
    'kind: DriverType\nname: dt\nimage: i:1',
    '/v1/event/drivertypes {"config":null,"image":"i:1","expose":false,"kind":"DriverType","name":"dt","tags":null}',
  ],
  [
    'kind: Driver\nname: dr\ntype: dt\nconfig: [{key: seconds, value: 2}]',
    '/v1/event/drivers {"config":[{"key":"seconds","value":"2"}],"kind":"Driver","name":"dr","reason":null,"secrets":null,"expose":false,"tags":null,"type":"dt"}',
  ],
  [
    'kind: Subscription\nname: su\neventType: a.b\nfunction: fn\nsecrets:',
    '/v1/event/subscriptions {"eventType":"a.b","function":"fn","kind":"Subscription","name":"su","secrets":null,"tags":null}',
  ],
  [
    'kind: Policy\nname: po\nglobal: true\nrules: [{subjects: [a], actions: [get], resources: ["*"]}]',
    '/v1/iam/policy {"global":true,"kind":"Policy","name":"po","rules":[{"actions":["get"],"resources":["*"],"subjects":["a"]}]}',
  ],
  [
    'kind: ServiceAccount\nname: sa\npublicKey: QUJD',
    '/v1/iam/serviceaccount {"kind":"ServiceAccount","name":"sa","publicKey":"QUJD"}',
  ],
  ['kind: Organization\nname: og', '/v1/iam/organization {"kind":"Organization","name":"og"}'],
]
const answer = () => ({ status: 200, body: { status: 'READY' } })

async function stageAll(t: ExecutionContext): Promise<Stage> {
  const stage = await createStage(t, answer)
  stage.write('all.yaml', minimal.map(([document]) => `${document}\n`).join('---\n'))
  return stage
}

test('minimal documents of all kinds become the bodies of the original', async t => {
  const stage = await stageAll(t)
  t.is((await stage.dispatch(['create', '-f', 'all.yaml'])).code, 0)
  t.deepEqual(
    stage.asked.map(({ url, body }) => `${url} ${body}`),
    minimal.map(([, request]) => request),
  )
})

test('-a marks what can have tags', async t => {
  const stage = await stageAll(t)
  t.is((await stage.dispatch(['create', '-f', 'all.yaml', '-a', 'shop'])).code, 0)
  const tagged = stage.asked.filter(({ body }) => body.includes('{"key":"Application","value":"shop"}'))
  t.deepEqual(
    tagged.map(({ url }) => url),
    stage.asked.map(({ url }) => url).filter(url => !url.startsWith('/v1/iam/')),
  )
  t.is(stage.asked.filter(({ body }) => body.includes('"tags"')).length, tagged.length)
})

const names =
  'BaseImage bi, Image im, Function fn, Secret se, API ap, DriverType dt, Driver dr, Subscription su, Policy po'
const titles = `${names}, ServiceAccount sa, Organization og`.split(', ').map(title => title.replace(' ', ': '))
const verbs = { create: 'Created', update: 'Updated', apply: 'Applied', delete: 'Deleted' }

for (const [verb, word] of Object.entries(verbs))
  test(`${verb} -f of all kinds: one line each, in the order of the file`, async t => {
    const stage = await stageAll(t)
    const stdout = titles.map(title => `${word} ${title}\n`).join('')
    t.deepEqual(await stage.dispatch([verb, '-f', 'all.yaml']), { code: 0, stdout, stderr: '' })
  })

test('-o json: a list for each kind in the file, null for each that is not', async t => {
  const stage = await stageAll(t)
  const { stdout } = await stage.dispatch(['delete', '-f', 'all.yaml', '--json'])
  const counts = Object.entries<unknown[] | null>(JSON.parse(stdout)).map(([key, list]) => `${key} ${list?.length}`)
  t.deepEqual(counts, [
    'api 1',
    'baseImages 1',
    'images 1',
    'driverTypes 1',
    'drivers 1',
    'subscriptions 1',
    'functions 1',
    'secrets 1',
    'policies 1',
    'serviceInstances undefined',
    'serviceaccounts 1',
    'organizations 1',
  ])
})

test('-o json of a deleted secret, of which the server says nothing: the document', async t => {
  const stage = await createStage(t, () => ({ status: 204 }))
  stage.write('s.yaml', 'kind: Secret\nname: s\nsecrets: {k: v}\n')
  const { stdout } = await stage.dispatch(['delete', '-f', 's.yaml', '-o', 'json'])
  t.deepEqual(JSON.parse(stdout).secrets, [{ kind: 'Secret', name: 's', secrets: { k: 'v' }, tags: null }])
})

test('what cannot be installed here is refused by name, before the first request', async t => {
  const stage = await createStage(t, answer)
  stage.write('x.yaml', 'kind: Image\nname: a\n---\nkind: ServiceInstance\nname: b\n')
  const { code, stderr } = await stage.dispatch(['create', '-f', 'x.yaml'])
  t.is(code, 1)
  t.regex(stderr, /^x\.yaml: document 2, line 4: unknown kind "ServiceInstance" \(known: API, /)
  t.is(stage.asked.length, 0)
})

const seed = [
  'Function: hello-py',
  'Function: http-py',
  'Function: hello-js',
  'Function: hello-ps1',
  'Secret: open-sesame',
  'API: post-hello',
  'DriverType: ticker',
  'Driver: ticker',
  'Subscription: ticker-sub',
]

for (const [verb, word] of Object.entries(verbs))
  test(`${verb} -f of the nine documents of the example`, async t => {
    const stage = await createStage(t, answer)
    cpSync(fileURLToPath(new URL('../../fixtures/cli/working-folder', import.meta.url)), stage.cwd, { recursive: true })
    const stdout = seed.map(title => `${word} ${title}\n`).join('')
    t.deepEqual(await stage.dispatch([verb, '-f', 'seed.yaml', '-w', 'examples']), { code: 0, stdout, stderr: '' })
    t.is(stage.asked.length, seed.length)
    t.deepEqual(await stage.dispatch([verb, '-f', 'examples/seed.yaml', '-w', 'examples']), {
      code: 0,
      stdout,
      stderr: '',
    })
  })
