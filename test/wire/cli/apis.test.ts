/** APIs: what their flags become, and the addresses in their table. */
import test from 'ava'
import { createStage, type Stage } from './stage.ts'

test('the flags of create api, key by key', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  t.is((await stage.dispatch(['create', 'api', 'a', 'f'])).stdout, 'Created api: a\n')
  const flags =
    '-d a.example,b.example -p /x -p /y -m get,POST --https-only --disable --cors --auth basic --tls pem -a shop'
  t.is((await stage.dispatch(['create', 'apis', 'a', 'f', ...flags.split(' ')])).code, 0)
  t.deepEqual(
    stage.asked.map(({ body }) => body),
    [
      '{"authentication":"public","enabled":true,"function":"f","hosts":[],"methods":["GET"],"name":"a",' +
        '"protocols":["http","https"],"tags":[],"uris":["/"]}',
      '{"authentication":"basic","cors":true,"function":"f","hosts":["a.example","b.example"],"methods":["get","POST"],' +
        '"name":"a","protocols":["https"],"tags":[{"key":"Application","value":"shop"}],"tls":"pem","uris":["/x","/y"]}',
    ],
  )
})

const api = (name: string, more: object) => ({ name, function: 'f', status: 'READY', enabled: true, ...more })

/** The lines of the PATH column. */
async function listPaths(stage: Stage, context: object): Promise<string[]> {
  const contexts = { solo: { organization: 'dispatch', ...context } }
  stage.write('config.json', JSON.stringify({ current: 'solo', contexts }))
  const env = { DISPATCH_CONFIG: 'config.json', DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
  const where = ['--host', '127.0.0.1', '--port', String(stage.port), '--scheme', 'http']
  const { stdout } = await stage.dispatch(['get', 'apis', ...where], { env })
  return stdout
    .split('\n')
    .slice(2)
    .map(line => line.split('|')[5]?.trim() ?? '')
    .filter(Boolean)
}

test('addresses follow the ports of the context, and an API with hosts of its own has those', async t => {
  const both = { protocols: ['http', 'https'] }
  const plain = await createStage(t, () => ({ status: 200, body: [api('a', { ...both, uris: ['/o/x', '/o/y'] })] }))
  t.deepEqual(await listPaths(plain, {}), [
    'http://127.0.0.1:8081/o/x',
    'https://127.0.0.1:8444/o/x',
    'http://127.0.0.1:8081/o/y',
    'https://127.0.0.1:8444/o/y',
  ])
  const standard = { 'api-http-port': 80, 'API-HTTPS-PORT': 443 }
  t.deepEqual(await listPaths(plain, standard).then(paths => paths.slice(0, 2)), [
    'http://127.0.0.1/o/x',
    'https://127.0.0.1/o/x',
  ])
  t.is((await listPaths(plain, { 'api-http-port': 0 }))[0], 'http://127.0.0.1:8081/o/x')
  const hosts = ['a.example', 'b.example']
  const own = await createStage(t, () => ({
    status: 200,
    body: [api('b', { protocols: ['https'], hosts, uris: ['/x'] }), api('c', { protocols: null, uris: ['/y'] })],
  }))
  t.deepEqual(await listPaths(own, {}), ['https://a.example:8444/x', 'https://b.example:8444/x'])
})

test('an IPv6 host stands in brackets', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  const { stderr } = await stage.dispatch(['get', 'apis', '--host', '::1', '--port', '1'])
  t.regex(stderr, /"http:\/\/\[::1\]:1\/v1\/api"/)
})

test('methods stand one a line, a disabled API says false, --func and -a filter', async t => {
  const tags = [{ key: 'Application', value: 'shop' }]
  const stage = await createStage(t, () => ({
    status: 200,
    body: [api('a', { methods: ['GET', 'POST', 'PUT'], tags }), { ...api('b', {}), function: 'g', enabled: undefined }],
  }))
  const { stdout } = await stage.dispatch(['get', 'api', '--func', 'f'])
  t.deepEqual(stdout.match(/\| (GET|POST|PUT) +\|/g)?.length, 3)
  t.notRegex(stdout, /^ {2}b /m)
  t.regex((await stage.dispatch(['get', 'api', '-f', 'g'])).stdout, /^ {2}b .*\| false {4}$/m)
  t.is(JSON.parse((await stage.dispatch(['get', 'apis', '-a', 'shop', '-o', 'json'])).stdout).length, 1)
  t.is((await stage.dispatch(['get', 'apis', '-a', 'shop', '-f', 'g', '-o', 'json'])).stdout, '[]\n')
})

test('what the original does not know is sent when it is said', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  await stage.dispatch(['create', 'api', 'a', 'f', '--response', 'raw', '--max-body', '10', '--timeout=500'])
  t.is(
    stage.asked[0]?.body,
    '{"authentication":"public","enabled":true,"function":"f","hosts":[],"methods":["GET"],"name":"a",' +
      '"response":"raw","maxBodyBytes":10,"timeout":500,"protocols":["http","https"],"tags":[],"uris":["/"]}',
  )
})

const held = {
  ...{ authentication: 'public', cors: true, enabled: true, function: 'f', hosts: null, id: 'i', kind: 'API' },
  ...{ maxBodyBytes: 10, methods: ['GET'], name: 'a', protocols: ['http', 'https'], response: 'raw', status: 'READY' },
  ...{ tags: [{ key: 'role', value: 'test' }], timeout: 500, uris: ['/o/x'] },
}

test('update api: what is given changes, what is not stays, and paths are not moved', async t => {
  const stage = await createStage(t, ({ method, body }) => ({ status: 200, body: method === 'GET' ? held : body }))
  const update = async (...words: string[]) => {
    t.like(await stage.dispatch(['update', 'api', 'a', '--organization', 'o', ...words]), {
      code: 0,
      stdout: 'Updated API: a\n',
    })
    return JSON.parse(stage.asked.at(-1)?.body ?? '')
  }
  const { id: _, status: __, ...kept } = { ...held, uris: ['/x'] }
  t.like(await update(), { ...kept, hosts: [] })
  t.is(stage.asked.at(-1)?.url, '/v1/api/a')
  t.like(await update('g', '-d', '*.x.example', '-m', 'POST', '--tls', 's'), {
    ...{ ...kept, function: 'g', hosts: ['*.x.example'], methods: ['POST'], tls: 's' },
  })
  const plain = await update('--response=', '--max-body=0', '--timeout=0', '--cors=false', '--disable', '--https-only')
  for (const name of ['response', 'maxBodyBytes', 'timeout']) t.true(plain[name] === undefined || plain[name] === null)
  t.true(plain.cors !== true && plain.enabled !== true)
  t.deepEqual(plain.protocols, ['https'])
  t.deepEqual((await update('-a', 'shop')).tags, [...held.tags, { key: 'Application', value: 'shop' }])
})

test('who may call and how often: one field for each matter, and what is wrong is said before anything is sent', async t => {
  const stage = await createStage(t, ({ method, body }) => ({ status: 200, body: method === 'GET' ? limited : body }))
  const oidc = { audience: 'shop', issuer: 'https://login.example' }
  const limited = { ...held, authentication: 'oidc', oidc, rateLimit: { burst: 5, perSeconds: 60, requests: 100 } }
  const sent = async (...words: string[]) => {
    t.is((await stage.dispatch([...words, '--organization', 'o'])).code, 0)
    const { authentication, authenticationSecret, oidc, rateLimit } = JSON.parse(stage.asked.at(-1)?.body ?? '')
    return { authentication, authenticationSecret, oidc, rateLimit }
  }
  const none = { authenticationSecret: undefined, oidc: undefined, rateLimit: undefined }
  const create = ['create', 'api', 'a', 'f'] as const
  t.deepEqual(await sent(...create, '--auth', 'basic', '--auth-secret', 'users'), {
    ...{ ...none, authentication: 'basic', authenticationSecret: 'users' },
  })
  const issuer = ['--auth-issuer', oidc.issuer, '--auth-audience', 'shop']
  t.deepEqual(await sent(...create, '--auth', 'oidc', ...issuer), { ...none, authentication: 'oidc', oidc })
  for (const [text, rateLimit] of [
    ['100', { requests: 100 }],
    ['100/60', { requests: 100, perSeconds: 60 }],
    ['100/60/20', { requests: 100, perSeconds: 60, burst: 20 }],
  ] as const)
    t.deepEqual((await sent(...create, '--rate-limit', text)).rateLimit, rateLimit)

  const update = ['update', 'api', 'a'] as const
  const kept = { authentication: 'oidc', authenticationSecret: undefined, oidc, rateLimit: limited.rateLimit }
  t.deepEqual(await sent(...update, '--cors'), kept)
  t.deepEqual(await sent(...update, '--auth-audience', 'x'), { ...kept, oidc: { ...oidc, audience: 'x' } })
  t.deepEqual(await sent(...update, '--rate-limit', '5'), { ...kept, rateLimit: { requests: 5 } })
  t.deepEqual(await sent(...update, '--rate-limit='), { ...kept, rateLimit: undefined })

  const count = stage.asked.length
  for (const text of ['x', '5/', '5/1m', '/5', '1/2/3/4', '-1']) {
    const { code, stderr } = await stage.dispatch([...create, `--rate-limit=${text}`])
    t.is(code, 1)
    t.true(
      stderr.includes(
        `--rate-limit is REQUESTS, REQUESTS/SECONDS or REQUESTS/SECONDS/BURST, e.g. 100/60, not "${text}"`,
      ),
    )
  }
  t.is(stage.asked.length, count)
})
