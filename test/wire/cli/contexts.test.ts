/** `context`: adding, choosing and removing contexts, and that the file loses nothing on the way. */
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { createStage } from './stage.ts'

const address = ['--host', '10.0.0.5', '--port', '8080', '--scheme', 'http', '--organization', 'dispatch']

test('the first context is created with its directory, private, and is the current one', async t => {
  const stage = await createStage(t)
  const outcome = await stage.dispatch(['context', 'create', 'Solo.1', ...address])
  t.deepEqual(outcome, { code: 0, stdout: 'Created context Solo.1\n', stderr: '' })
  const path = join(stage.homeDir, '.dispatch/config.json')
  t.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    current: 'Solo.1',
    contexts: {
      'Solo.1': {
        host: '10.0.0.5',
        port: 8080,
        scheme: 'http',
        organization: 'dispatch',
        cookie: 'unset',
        insecure: false,
      },
    },
  })
  t.is(statSync(path).mode & 0o777, 0o600)
  t.is(statSync(join(stage.homeDir, '.dispatch')).mode & 0o777, 0o700)
  t.regex((await stage.dispatch(['context', 'create', 'Solo.1'])).stderr, /^context Solo\.1 already exists/)
})

const both = {
  current: 'a',
  contexts: { b: { host: 'hb', note: 'mine' }, a: { cookie: 'secret', insecure: true, host: 'ha', port: 1 } },
  extra: [1],
}

test('set and delete rewrite the file whole: sorted, in key order, with the keys of others, no longer readable by all', async t => {
  const stage = await createStage(t)
  stage.write('c.json', JSON.stringify(both))
  chmodSync(join(stage.cwd, 'c.json'), 0o644)
  const env = { DISPATCH_CONFIG: 'c.json' }
  t.is((await stage.dispatch(['context', 'set', 'B'], { env })).stdout, 'Set context to B\n')
  const expected = {
    current: 'b',
    contexts: { a: { host: 'ha', port: 1, cookie: 'secret', insecure: true }, b: { host: 'hb', note: 'mine' } },
    extra: [1],
  }
  t.is(readFileSync(join(stage.cwd, 'c.json'), 'utf8'), JSON.stringify(expected, null, 4))
  t.is(statSync(join(stage.cwd, 'c.json')).mode & 0o777, 0o600)
  const deleted = await stage.dispatch(['context', 'delete', 'b'], { env })
  t.is(deleted.stdout, 'Deleted context b\n')
  t.regex(deleted.stderr, /choose another/)
  t.is(JSON.parse(readFileSync(join(stage.cwd, 'c.json'), 'utf8')).current, '')
  t.is((await stage.dispatch(['context', 'current'], { env })).stdout, 'No such current context was found \n')
  t.deepEqual(await stage.dispatch(['context', 'set', 'zzz'], { env }), {
    code: 1,
    stdout: '',
    stderr: 'No such context zzz\n',
  })
})

test('a YAML file stays YAML', async t => {
  const stage = await createStage(t)
  stage.write('c.yaml', 'current: a\ncontexts:\n  a: {}\n  b: {}\n')
  await stage.dispatch(['context', 'set', 'b', '--config', 'c.yaml'])
  t.regex(readFileSync(join(stage.cwd, 'c.yaml'), 'utf8'), /^current: b\ncontexts:\n/)
})

test('context shows all, sorted; context current only the one', async t => {
  const stage = await createStage(t)
  stage.write('c.json', JSON.stringify(both))
  const env = { DISPATCH_CONFIG: 'c.json' }
  const { stdout } = await stage.dispatch(['context'], { env })
  t.deepEqual(stdout.match(/^ {2}(\* )?[ab] /gm), ['  * a ', '  b '])
  t.regex((await stage.dispatch(['context', 'current'], { env })).stdout, /\* a/)
  t.notRegex((await stage.dispatch(['context', 'current'], { env })).stdout, /hb/)
  t.notRegex((await stage.dispatch(['context', '-o', 'yaml'], { env })).stdout, /secret/)
})

test('a config file that is a link stays one, and what it leads to is rewritten', async t => {
  const stage = await createStage(t)
  stage.write('dotfiles/dispatch.json', JSON.stringify(both))
  symlinkSync('dotfiles/dispatch.json', join(stage.cwd, 'c.json'))
  t.is((await stage.dispatch(['context', 'set', 'b', '--config', 'c.json'])).code, 0)
  t.true(lstatSync(join(stage.cwd, 'c.json')).isSymbolicLink())
  t.is(JSON.parse(readFileSync(join(stage.cwd, 'dotfiles/dispatch.json'), 'utf8')).current, 'b')
})

test('a byte order mark before the config file is none of its business', async t => {
  const stage = await createStage(t)
  stage.write('c.json', `\uFEFF${JSON.stringify(both)}`)
  t.is((await stage.dispatch(['context', 'set', 'b', '--config', 'c.json'])).stdout, 'Set context to b\n')
})
