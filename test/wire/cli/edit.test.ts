/** `edit`: what the editor gets, what is sent of what it leaves, and that nothing stays behind. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { listArchive } from './archive.ts'
import { type Answer, createStage, type Stage } from './stage.ts'

const functionObject = `{
  "createdTime": 1795489079, "faasId": "aa424ac8-c91e-438a-9566-3e99afc236da", "id": "41dc4d1e-0cd8-4f99-820f-745ef7d1fa21",
  "image": "python3", "functionImageURL": "dispatch/func:latest", "kind": "Function", "handler": "", "name": "f", "reason": ["old"],
  "schema": {"in": {"maximum": 12345678901234567890, "multipleOf": 1.0, "pattern": "1"}, "out": null},
  "secrets": null, "services": null, "status": "READY", "tags": null, "memory": 64 }`
const functionText = `\
sourcePath: ""
image: python3
kind: Function
handler: ""
name: f
schema:
  in:
    maximum: 12345678901234567890
    multipleOf: 1.0
    pattern: "1"
  out: null
secrets: []
services: []
timeout: 0
memory: 64
tags: []
`

/** An editor that keeps what it was given, with its mode and that of its directory, and then runs the shell lines. */
function installEditor(stage: Stage, script: string): { EDITOR: string } {
  const look = `cp "$2" ${stage.cwd}/given; stat -c %a "$(dirname "$2")" "$2" >${stage.cwd}/modes; echo "$1" >>${stage.cwd}/calls`
  stage.write('editor.sh', `${look}\n${script}\n`)
  return { EDITOR: `sh '${stage.cwd}/editor.sh'  "an argument"` }
}
const read = ({ cwd }: Stage, name: string) => readFileSync(join(cwd, name), 'utf8')
const leftovers = ({ homeDir }: Stage) => readdirSync(homeDir)

const answerWith = (object: unknown) => (): Answer => ({ status: 200, body: object })
const createEditing = (t: ExecutionContext, object: unknown = functionObject) => createStage(t, answerWith(object))

test('the editor gets a private file with what may be changed, in names and numbers of the API; it does not stay', async t => {
  const stage = await createEditing(t)
  const env = installEditor(stage, 'sed -i "s/^timeout: 0/timeout: 500/; s/^image: .*/image: other/" "$2"')
  const outcome = await stage.dispatch(['edit', 'function', 'f'], { env })
  t.deepEqual(outcome, { code: 0, stdout: 'Updated Function: f\n', stderr: '' })
  t.is(read(stage, 'given'), functionText)
  t.is(read(stage, 'modes'), '700\n600\n')
  t.is(read(stage, 'calls'), 'an argument\n')
  t.deepEqual(leftovers(stage), [])
  const [, put] = stage.asked
  t.deepEqual([put?.method, put?.url], ['PUT', '/v1/function/f'])
  t.is(
    put?.body,
    '{"image":"other","kind":"Function","handler":"","name":"f","reason":null,' +
      '"schema":{"in":{"maximum":12345678901234567890,"multipleOf":1.0,"pattern":"1"}},' +
      '"secrets":[],"services":[],"timeout":500,"memory":64,"tags":[],"keepSource":true}',
  )
})

test('without a change nothing is sent', async t => {
  const stage = await createEditing(t)
  const outcome = await stage.dispatch(['edit', 'functions', 'f'], { env: installEditor(stage, 'true') })
  t.deepEqual(outcome, { code: 0, stdout: 'Edit cancelled, no changes made.\n', stderr: '' })
  const emptied = await stage.dispatch(['edit', 'function', 'f'], { env: installEditor(stage, ': >"$2"') })
  t.deepEqual(emptied, outcome)
  t.deepEqual(
    stage.asked.map(({ method }) => method),
    ['GET', 'GET'],
  )
})

test('a sourcePath sends new code, found below --work-dir', async t => {
  const stage = await createEditing(t)
  stage.write('code/a.py', 'x = 1\n')
  const env = installEditor(stage, `sed -i 's/^sourcePath: .*/sourcePath: a.py/' "$2"`)
  t.is((await stage.dispatch(['edit', 'function', 'f', '-w', 'code'], { env })).code, 0)
  const { source } = JSON.parse(stage.asked[1]?.body ?? '')
  t.deepEqual(await listArchive(source), [{ name: './a.py', type: 'file', content: 'x = 1\n' }])
})

test('an editor that fails, or is not there, ends it; the file is gone all the same', async t => {
  const stage = await createEditing(t)
  const failed = await stage.dispatch(['edit', 'function', 'f'], { env: installEditor(stage, 'exit 3') })
  t.deepEqual(failed, { code: 1, stdout: '', stderr: 'exit status 3\n' })
  const absent = await stage.dispatch(['edit', 'function', 'f'], { env: { EDITOR: './no-editor' } })
  t.deepEqual(absent, {
    code: 1,
    stdout: '',
    stderr: 'start ./no-editor: no such file or directory; set EDITOR to the editor to use\n',
  })
  t.deepEqual(leftovers(stage), [])
})

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['another name', 's/^name: f/name: g/', /^kind Function and name f must stay; to rename, create a new one/],
  ['another kind', 's/^kind: .*/kind: Image/', /^kind Function and name f must stay/],
  ['broken YAML', 's/^name: f/name: "f/', /^function f: document 1, line \d+: not YAML/],
  ['no image', 's/^image: .*/image:/', /^function f: document 1, line 1: image is required\n$/],
  ['a wrong type', 's/^memory: 64/memory: much/', /^function f: document 1, line 15: memory must be a whole number\n$/],
]
for (const [title, change, message] of refusals)
  test(`refused without a request: ${title}`, async t => {
    const stage = await createEditing(t)
    const { code, stdout, stderr } = await stage.dispatch(['edit', 'function', 'f'], {
      env: installEditor(stage, `sed -i '${change}' "$2"`),
    })
    t.deepEqual([code, stdout, stage.asked.length], [1, '', 1])
    t.regex(stderr, message)
  })

test('a person gets the text back with the reason, until it can be used', async t => {
  const stage = await createEditing(t)
  const step = `case $(wc -l <${stage.cwd}/calls) in 1) sed -i 's/^memory: 64/memory: much/' "$2" ;; *) sed -i 's/^memory: much/memory: 128/' "$2" ;; esac`
  const env = installEditor(stage, step)
  const outcome = await stage.dispatch(['edit', 'function', 'f'], { env, stderrIsTerminal: true })
  t.deepEqual(outcome, { code: 0, stdout: 'Updated Function: f\n', stderr: '' })
  const given = read(stage, 'given').split('\n')
  t.is(given[0], '#! function f: document 1, line 15: memory must be a whole number')
  t.true(given.includes('memory: much'))
  t.is(JSON.parse(stage.asked[1]?.body ?? '').memory, 128)
})

test('a person who leaves it so gets the reason as the error', async t => {
  const stage = await createEditing(t)
  const env = installEditor(stage, `sed -i 's/^name: f/name: g/' "$2"`)
  const { code, stderr } = await stage.dispatch(['edit', 'function', 'f'], { env, stderrIsTerminal: true })
  t.is(code, 1)
  t.regex(stderr, /^kind Function and name f must stay/)
  t.is(read(stage, 'calls'), 'an argument\n'.repeat(2))
})

test('a server that does not keep code: what to add', async t => {
  const refusal = { code: 400, message: 'either source or sourceURL must be specified' }
  const stage = await createStage(t, [
    { status: 200, body: functionObject },
    { status: 400, body: refusal },
  ])
  const env = installEditor(stage, `sed -i 's/^memory: 64/memory: 65/' "$2"`)
  t.is(
    (await stage.dispatch(['edit', 'function', 'f'], { env })).stderr,
    '[Code: 400] either source or sourceURL must be specified: this server does not keep the code; add the line "sourcePath: PATH"\n',
  )
})

test('what is not there cannot be edited, nor a kind that is none', async t => {
  const stage = await createStage(t, [{ status: 404, body: { code: 404, message: 'image x not found' } }])
  t.like(await stage.dispatch(['edit', 'image', 'x']), { code: 1, stderr: '[Code: 404] image x not found\n' })
  const unknown = await stage.dispatch(['edit', 'run', 'x'])
  t.is(unknown.code, 1)
  t.regex(unknown.stderr, /^Error: unknown command "run" for "dispatch edit"/)
})

test('quotes and backslashes in EDITOR are those of a shell; without its end a quote is an error', async t => {
  const stage = await createEditing(t)
  stage.write('my editor.sh', `printf '%s|' "$@" >${stage.cwd}/calls`)
  const editor = `sh '${stage.cwd}/my 'editor.sh --title="a \\"b\\"" c\\ d`
  t.is((await stage.dispatch(['edit', 'function', 'f'], { env: { EDITOR: editor } })).code, 0)
  t.regex(read(stage, 'calls'), /^--title=a "b"\|c d\|[^|]+Function.yaml\|$/)
  const open = await stage.dispatch(['edit', 'function', 'f'], { env: { EDITOR: 'sh "x' } })
  t.deepEqual([open.code, open.stderr], [1, 'EDITOR has a quote without its end: sh "x\n'])
})

test('the secret of a base image is among what may be changed, and is sent along with it', async t => {
  const base = { dockerUrl: 'registry.example/b:1', groups: null, language: 'l', name: 'b', pullSecret: 'registry' }
  const stage = await createEditing(t, { ...base, reason: null, status: 'READY', tags: [] })
  const env = installEditor(stage, 'sed -i "s/^language: l/language: other/" "$2"')
  t.is((await stage.dispatch(['edit', 'base-image', 'b'], { env })).code, 0)
  t.regex(read(stage, 'given'), /^name: b\npullSecret: registry$/m)
  t.like(JSON.parse(stage.asked[1]?.body ?? ''), { language: 'other', pullSecret: 'registry' })
  const shown = (await stage.dispatch(['get', 'base-image', 'b', '-o', 'json'])).stdout
  t.regex(shown, /"name": "b",\s*"pullSecret": "registry",\s*"reason"/)
})
