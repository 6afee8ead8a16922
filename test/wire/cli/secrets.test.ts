/** Secrets: their values are on the screen only when they are asked for, and never in a message. */
import test from 'ava'
import { createStage } from './stage.ts'

const openSesame = { id: 'i1', kind: 'Secret', name: 'open-sesame', secrets: { password: 'OpenSesame' }, tags: null }
const note = 'Note: secret values are hidden, please use --all flag to get them\n\n'

test('a secret without values, and one with an application', async t => {
  const stage = await createStage(t, () => ({ status: 201, body: { name: 's' } }))
  stage.write('s.json', '{"k": "v"}')
  t.is((await stage.dispatch(['create', 'secret', 's', ''])).stdout, 'Created secret: s\n')
  t.is((await stage.dispatch(['create', 'secrets', 's', 's.json', 'ignored', '-a', 'shop'])).code, 0)
  t.deepEqual(
    stage.asked.map(({ body }) => body),
    ['{"name":"s","tags":null}', '{"name":"s","secrets":{"k":"v"},"tags":[{"key":"Application","value":"shop"}]}'],
  )
})

const refusals: readonly (readonly [string, string, string])[] = [
  ['broken JSON', '{"k": "hidden" "x"}', 'it is not well-formed'],
  ['a key given twice', '{"hidden": "a", "hidden": "b"}', 'it is not well-formed'],
  ['a list', '["hidden"]', 'it must be an object'],
  ['a number', '{"pin": 1234}', '"pin" must be text, in quotes'],
]
for (const [title, content, cause] of refusals)
  test(`create secret refuses ${title}, and quotes nothing of it`, async t => {
    const stage = await createStage(t)
    stage.write('s.json', content)
    const stderr = `Error when parsing JSON from s.json: ${cause}\n`
    t.deepEqual(await stage.dispatch(['create', 'secret', 's', 's.json']), { code: 1, stdout: '', stderr })
    t.is(stage.asked.length, 0)
  })

test('create secret names a file that is not there', async t => {
  const stage = await createStage(t)
  const { stderr } = await stage.dispatch(['create', 'secret', 's', 'no.json'])
  t.is(stderr, 'error when reading content of no.json: open no.json: no such file or directory\n')
})

test('the table hides values and says so, an empty one too; --all shows JSON whatever the format', async t => {
  const stage = await createStage(t, ({ url }) => ({ status: 200, body: url.endsWith('-sesame') ? openSesame : [] }))
  t.is((await stage.dispatch(['get', 'secret'])).stdout, `${note}  ID | NAME | CONTENT  \n-------------------\n`)
  const hidden = await stage.dispatch(['get', 'secret', 'open-sesame'])
  t.true(hidden.stdout.startsWith(note))
  t.notRegex(hidden.stdout, /OpenSesame/)
  const json = `${JSON.stringify(openSesame, null, 4)}\n`
  t.is((await stage.dispatch(['get', 'secret', 'open-sesame', '--all'])).stdout, json)
  t.is((await stage.dispatch(['get', 'secret', 'open-sesame', '--all', '-o', 'yaml'])).stdout, json)
  t.regex((await stage.dispatch(['get', 'secret', 'open-sesame', '-o', 'yaml'])).stdout, /^ {2}password: OpenSesame$/m)
})

test('a deleted secret, of which the server says nothing, is shown by its name', async t => {
  const stage = await createStage(t, () => ({ status: 204 }))
  t.is((await stage.dispatch(['delete', 'secrets', 's'])).stdout, 'Deleted secret: s\n')
  const { stdout } = await stage.dispatch(['delete', 'secret', 's', '-o', 'json'])
  t.is(stdout, '{\n    "name": "s",\n    "tags": null\n}\n')
})

const env = { MAIL_PASSWORD: 'from env', EMPTY: '' }
const readInput = async () => 'typed\n'
const sources: readonly (readonly [string, string[], Record<string, string>])[] = [
  ['a literal, up to its end', ['--from-literal', 'k=a=b, c'], { k: 'a=b, c' }],
  ['an empty literal', ['--from-literal', 'k='], { k: '' }],
  ['a variable', ['--from-env', 'MAIL_PASSWORD'], { MAIL_PASSWORD: 'from env' }],
  ['a variable under another name', ['--from-env', 'password=MAIL_PASSWORD'], { password: 'from env' }],
  ['a variable that is empty', ['--from-env', 'EMPTY'], { EMPTY: '' }],
  ['a file', ['--from-file', 'dir/key.pem'], { 'key.pem': '\ufeffpem ü\n' }],
  ['a file under another name', ['--from-file', 'key=dir/key.pem'], { key: '\ufeffpem ü\n' }],
  ['standard input', ['--from-file', 'key=-'], { key: 'typed\n' }],
  [
    'several of all, and a file of JSON',
    [
      's.json',
      '--from-literal',
      'a=1',
      '--from-literal',
      'b=2',
      '--from-env',
      'c=EMPTY',
      '--from-file',
      'd=dir/key.pem',
    ],
    { json: 'j', a: '1', b: '2', c: '', d: '\ufeffpem ü\n' },
  ],
]
for (const [title, args, secrets] of sources)
  test(`create secret takes ${title}`, async t => {
    const stage = await createStage(t, () => ({ status: 201, body: { name: 's' } }))
    stage.write('dir/key.pem', '\ufeffpem ü\n')
    stage.write('s.json', '{"json": "j"}')
    const { code, stdout, stderr } = await stage.dispatch(['create', 'secret', 's', ...args], { env, readInput })
    t.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'Created secret: s\n', stderr: '' })
    t.deepEqual(JSON.parse(stage.asked[0]?.body ?? ''), { name: 's', secrets, tags: null })
  })

const refusedSources: readonly (readonly [string, string[], RegExp])[] = [
  ['a literal without a key', ['--from-literal', 'hidden'], /^--from-literal must be KEY=VALUE; it has no "="\n$/],
  ['an empty key', ['--from-literal', '=hidden'], /^a value has no key/],
  ['a key given twice', ['--from-literal', 'k=hidden', '--from-env', 'k=MAIL_PASSWORD'], /^the key "k" is given twice/],
  ['a variable that is not there', ['--from-env', 'NO'], /^--from-env NO: there is no variable NO/],
  ['a file that is not there', ['--from-file', 'no'], /^error when reading content of no: open no: no such file/],
  ['a file that is no text', ['--from-file', 'binary'], /^binary is not text in UTF-8/],
  ['standard input without a key', ['--from-file', '-'], /^--from-file reads standard input as KEY=-\n$/],
  ['neither file nor value', [], /requires at least 2 arg\(s\), only received 1/],
]
for (const [title, args, message] of refusedSources)
  test(`create secret refuses ${title}, and quotes no value`, async t => {
    const stage = await createStage(t)
    stage.write('binary', Buffer.from([0x68, 0xff]))
    const hidden = { env: { MAIL_PASSWORD: 'hidden' } }
    const { code, stdout, stderr } = await stage.dispatch(['create', 'secret', 's', ...args], hidden)
    t.deepEqual([code, stdout], [1, ''])
    t.regex(stderr, message)
    t.notRegex(stderr, /hidden/)
    t.is(stage.asked.length, 0)
  })

test('rotate-keys tells the new key, and how much was sealed with it', async t => {
  const body = { key: '1f0c9a51e0b0c7d2', records: 3 }
  const stage = await createStage(t, () => ({ status: 200, body }))
  const { stdout } = await stage.dispatch(['iam', 'rotate-keys'])
  t.is(stdout, 'Rotated keys: 3 records are sealed with 1f0c9a51e0b0c7d2\n')
  t.like(stage.asked[0], { method: 'POST', url: '/v1/iam/key' })
  t.deepEqual(JSON.parse((await stage.dispatch(['iam', 'rotate-keys', '-o', 'json'])).stdout), body)
  t.regex((await stage.dispatch(['iam', 'rotate-keys', '-o', 'yaml'])).stdout, /^key: 1f0c9a51e0b0c7d2$/m)
})
