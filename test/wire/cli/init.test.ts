/** `init`: a folder that `apply` and `dev` take as it is. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, parse } from 'node:path'
import test from 'ava'
import { listArchive } from './archive.ts'
import { createStage } from './stage.ts'

const runtimes = new URL('../../../server/runtimes/', import.meta.url)
const readTemplate = (language: string) => {
  const folder = new URL(`${language}/template/`, runtimes)
  return Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

test('the template of the language, and a document that says what it is', async t => {
  const stage = await createStage(t)
  const outcome = await stage.dispatch(['init', 'python3', 'my/hello world'])
  t.deepEqual(outcome, {
    code: 0,
    stdout: ['handler.py', 'function.yaml', '.dispatchignore'].map(name => `Created my/hello world/${name}\n`).join(''),
    stderr: '',
  })
  const read = (name: string) => readFileSync(join(stage.cwd, 'my/hello world', name), 'utf8')
  t.is(
    read('function.yaml'),
    'kind: Function\nname: hello-world\nimage: python3\nhandler: handler.handle\nsourcePath: .\n',
  )
  t.deepEqual({ 'handler.py': read('handler.py') }, readTemplate('python3'))
})

test('every language with a template can be chosen, and its handler is in the template', async t => {
  const languages = readdirSync(runtimes).filter(language =>
    readdirSync(new URL(language, runtimes)).includes('template'),
  )
  t.true(languages.length >= 2)
  for (const language of languages) {
    const stage = await createStage(t, () => ({ status: 200, body: {} }))
    t.is((await stage.dispatch(['init', language, 'f', '--name', 'other', '--image', 'mine'])).code, 0)
    t.is((await stage.dispatch(['apply', '-f', 'function.yaml', '-w', 'f'])).stdout, 'Applied Function: other\n')
    const body = JSON.parse(stage.asked[0]?.body ?? '')
    t.is(body.image, 'mine')
    const packed = (await listArchive(body.source)).map(({ name, content }) => [name.slice(2), content])
    t.deepEqual(Object.fromEntries(packed), readTemplate(language))
    // Each language names it in its own way, and all begin with the name of the file.
    const stems = Object.keys(readTemplate(language)).map(name => parse(name).name)
    t.true(
      stems.some(stem => body.handler.replace(/^\.\//, '').startsWith(stem)),
      body.handler,
    )
  }
})

test('a template that is a program may be executed', async t => {
  const stage = await createStage(t)
  t.is((await stage.dispatch(['init', 'binary', 'f'])).code, 0)
  t.is(statSync(join(stage.cwd, 'f/handler.sh')).mode & 0o700, 0o700)
  t.is(statSync(join(stage.cwd, 'f/function.yaml')).mode & 0o100, 0)
})

test('nothing is written over, not even in part', async t => {
  const stage = await createStage(t)
  stage.write('f/function.yaml', 'mine')
  const { code, stderr } = await stage.dispatch(['init', 'nodejs', 'f'])
  t.deepEqual([code, stderr], [1, 'f/function.yaml is there already; choose another folder, or move it away\n'])
  t.deepEqual(readdirSync(join(stage.cwd, 'f')), ['function.yaml'])
})

test('an unknown language, and a folder without a name', async t => {
  const stage = await createStage(t)
  const { stderr } = await stage.dispatch(['init', 'cobol', 'f'])
  t.regex(stderr, /^no template for "cobol": use one of (\w+, )*nodejs, \w+(, \w+)*\n$/)
  t.is((await stage.dispatch(['init', 'nodejs', ''])).stderr, 'a folder must have a name\n')
  t.is((await stage.dispatch(['init', 'nodejs', '...'])).code, 1)
})
