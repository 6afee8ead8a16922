/** Where settings come from, what they do to requests, and every complaint about the config file. */
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { createStage, type Stage } from './stage.ts'

const list = () => ({ status: 200, body: [] })
const fileWith = (values: object) => JSON.stringify({ current: 'Solo', contexts: { Solo: values, other: {} } })
const organizationOf = (stage: Stage) => stage.asked.at(-1)?.headers['x-dispatch-org']

test('flag before environment before config file before default; an empty variable counts as unset', async t => {
  const stage = await createStage(t, list)
  mkdirSync(join(stage.homeDir, '.dispatch'))
  writeFileSync(join(stage.homeDir, '.dispatch/config.json'), fileWith({ Organization: 'from-file', cookie: 'a=b; c' }))
  const env = { DISPATCH_ORGANIZATION: 'from-env' }
  await stage.dispatch(['get', 'images', '--organization', 'from-flag'], { env })
  t.is(organizationOf(stage), 'from-flag')
  await stage.dispatch(['get', 'images'], { env })
  t.is(organizationOf(stage), 'from-env')
  await stage.dispatch(['get', 'images'], { env: { DISPATCH_ORGANIZATION: '' } })
  t.is(organizationOf(stage), 'from-file')
  t.is(stage.asked[0]?.headers.cookie, 'a=b; c')
})

test('without a config file: an empty organization is sent, and the cookie "unset"', async t => {
  const stage = await createStage(t, list)
  t.is((await stage.dispatch(['get', 'images'])).code, 0)
  t.deepEqual([organizationOf(stage), stage.asked[0]?.headers.cookie], ['', 'unset'])
  t.regex(stage.asked[0]?.headers['user-agent'] ?? '', /^dispatch-cli\//)
})

test('the file of the appliance: port, scheme and organization, the rest from the defaults', async t => {
  const stage = await createStage(t, list)
  const values = { port: stage.port, scheme: 'http', organization: 'dispatch', insecure: true, 'api-https-port': 443 }
  stage.write('c.json', JSON.stringify({ current: 'solo', contexts: { solo: values } }))
  const env = { DISPATCH_CONFIG: 'c.json', DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
  t.is((await stage.dispatch(['get', 'images'], { env })).stderr, '')
  t.is(organizationOf(stage), 'dispatch')
})

test('a YAML config file works, and names of contexts are compared exactly before any other way', async t => {
  const stage = await createStage(t, list)
  stage.write('c.yaml', 'current: a.B\ncontexts:\n  a.b: {organization: lower}\n  a.B: {organization: exact}\n')
  await stage.dispatch(['get', 'images', '--config', 'c.yaml'])
  t.is(organizationOf(stage), 'exact')
})

const broken: readonly (readonly [string, string, RegExp])[] = [
  ['none.json', '', /^Error reading config file none\.json: open none\.json: no such file or directory\n$/],
  ['c.js', '{}', /^Error reading config file c\.js: Unsupported Config Type "js"/],
  ['c.json', '{', /^Error reading config file c\.json: While parsing config: /],
  ['l.json', '[1]', /^Error reading config file l\.json: While parsing config: not an object/],
]
for (const [name, content, message] of broken)
  test(`a config file that cannot be used: ${name} ${content}`, async t => {
    const stage = await createStage(t, list)
    if (content !== '') stage.write(name, content)
    const { code, stderr } = await stage.dispatch(['get', 'images', '--config', name])
    t.is(code, 1)
    t.regex(stderr, message)
    t.is(stage.asked.length, 0)
  })

test('a bad value says where it comes from', async t => {
  const stage = await createStage(t, list)
  const { stderr } = await stage.dispatch(['get', 'images'], { env: { DISPATCH_PORT: 'x' } })
  t.is(stderr, 'invalid value "x" of DISPATCH_PORT: strconv.ParseInt: parsing "x": invalid syntax\n')
})

test('an unknown current context is told to a person only', async t => {
  const stage = await createStage(t, list)
  stage.write('c.json', '{"current": "gone"}')
  t.is((await stage.dispatch(['get', 'images', '--config', 'c.json'])).stderr, '')
  const seen = await stage.dispatch(['get', 'images', '--config', 'c.json'], { stderrIsTerminal: true })
  t.regex(seen.stderr, /^Note: the current context "gone" is not in .*c\.json; using flags and defaults\n$/)
})

test('a token goes before everything, a service account signs for itself', async t => {
  const stage = await createStage(t, list)
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  stage.write('key.pem', privateKey.export({ type: 'pkcs1', format: 'pem' }))
  const account = ['--service-account', 'robot', '--jwt-private-key', 'key.pem', '--organization', 'org']
  await stage.dispatch(['get', 'images', '--token', 'T', ...account])
  t.deepEqual([stage.asked[0]?.headers.authorization, stage.asked[0]?.headers.cookie], ['Bearer T', undefined])
  await stage.dispatch(['get', 'images', ...account])
  const [head = '', claims = '', signature = ''] = (stage.asked[1]?.headers.authorization ?? '').slice(7).split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const nowSeconds = Date.parse('2026-11-24T03:00:00Z') / 1000
  t.deepEqual(decode(head), { alg: 'RS256', typ: 'JWT' })
  t.deepEqual(decode(claims), { iss: 'org/robot', iat: nowSeconds - 60, exp: nowSeconds + 3600 })
  t.true(createVerify('sha256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url'))
  await stage.dispatch(['get', 'images', '--service-account', 'robot'])
  t.is(stage.asked[2]?.headers.cookie, 'unset')
})

test('a key that cannot be used stops before the request', async t => {
  const stage = await createStage(t, list)
  stage.write('bad.pem', 'not a key')
  const account = ['get', 'images', '--service-account', 'a', '--jwt-private-key']
  const missing = await stage.dispatch([...account, 'k.pem'])
  t.deepEqual(missing, {
    code: 1,
    stdout: '',
    stderr: 'error reading key file: open k.pem: no such file or directory\n',
  })
  t.regex(
    (await stage.dispatch([...account, 'bad.pem'])).stderr,
    /^error generating JWT: bad\.pem is not an RSA private key/,
  )
  t.is(stage.asked.length, 0)
})

for (const words of [
  ['--host', '127.0.0.1'],
  ['--scheme', 'http'],
  ['--port', 'PORT'],
])
  test(`credentials of a context go to no server but its own: ${words[0]}`, async t => {
    const stage = await createStage(t, () => ({ status: 200, body: [] }))
    const there = { host: '127.0.0.1', port: stage.port, scheme: 'http' }
    const others = { '--host': { host: 'localhost' }, '--scheme': { scheme: 'https' }, '--port': { port: 1 } }
    const other = Object.entries(others).find(([flag]) => flag === words[0])?.[1]
    const env = { DISPATCH_CONFIG: 'c.json', DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
    const flags = words.map(word => word.replace('PORT', String(stage.port)))
    for (const secret of [
      { cookie: 'dss_x' },
      { token: 'dst_x' },
      { serviceaccount: 'ci', jwtprivatekey: 'none.pem' },
    ]) {
      stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: { ...there, ...other, ...secret } } }))
      const { code, stderr } = await stage.dispatch(['get', 'images', ...flags], { env, stderrIsTerminal: true })
      const { cookie, authorization } = stage.asked.at(-1)?.headers ?? {}
      t.deepEqual([code, cookie, authorization], [0, 'unset', undefined])
      t.regex(stderr, /^Note: this is another server than that of the current context, whose credentials are not sent/)
    }
    stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: { ...there, cookie: 'dss_x' } } }))
    t.is((await stage.dispatch(['get', 'images', ...flags], { env, stderrIsTerminal: true })).stderr, '')
    t.is(stage.asked.at(-1)?.headers.cookie, 'dss_x')
  })
