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
