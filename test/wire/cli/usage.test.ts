/** What is printed when the words themselves are wrong, or ask for help. Help never needs a config file. */
import test from 'ava'
import { createStage } from './stage.ts'

const usageErrors: readonly (readonly [string, string])[] = [
  ['create base-image', 'accepts 2 arg(s), received 0'],
  ['create image a', 'requires at least 2 arg(s), only received 1'],
  ['get images a b', 'accepts at most 1 arg(s), received 2'],
  ['get run a b c', 'accepts between 0 and 2 arg(s), received 3'],
  ['get images --zzz', 'unknown flag: --zzz'],
  ['--nosuch get images', 'unknown flag: --nosuch'],
  ['exec f --inptu {}', 'unknown flag: --inptu\nDid you mean --input?\n'],
  ['logs f --last', 'unknown flag: --last'],
  ['get images -z', "unknown shorthand flag: 'z' in -z"],
  ['get images -o', "flag needs an argument: 'o' in -o"],
  ['get images --host', 'flag needs an argument: --host'],
  [
    'create function f p --timeout abc',
    'invalid argument "abc" for "--timeout" flag: strconv.ParseInt: parsing "abc": invalid syntax',
  ],
  [
    'exec f --wait=maybe',
    'invalid argument "maybe" for "--wait" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
]
for (const [line, message] of usageErrors)
  test(`usage error: dispatch ${line}`, async t => {
    const stage = await createStage(t)
    const outcome = await stage.dispatch(line.split(' '), { env: { DISPATCH_CONFIG: 'missing.json' } })
    t.deepEqual([outcome.code, outcome.stdout], [1, ''])
    t.true(outcome.stderr.startsWith(`Error: ${message}\nUsage:\n  dispatch `), outcome.stderr)
  })

test('what is a command elsewhere is named in full', async t => {
  const stage = await createStage(t)
  for (const [line, hints] of [
    ['get users', ['dispatch iam get user']],
    ['create tokens x', ['dispatch iam create token']],
    ['iam describe policy p', ['dispatch describe']],
    ['describe user jon', ['dispatch iam create user', 'dispatch iam delete user', 'dispatch iam get user']],
  ] as const) {
    const { code, stderr } = await stage.dispatch(line.split(' '))
    t.is(code, 1)
    const named = hints.map(hint => `\t${hint}\n`).join('')
    t.true(stderr.includes(`\nDid you mean this?\n${named}\nRun '`), stderr)
  }
})

test('an unknown word is an error at every level, with a hint where one is near', async t => {
  const stage = await createStage(t)
  t.deepEqual(await stage.dispatch(['nosuch']), {
    code: 1,
    stdout: '',
    stderr: 'Error: unknown command "nosuch" for "dispatch"\nRun \'dispatch --help\' for usage.\n',
  })
  t.is(
    (await stage.dispatch(['list'])).stderr,
    'Error: unknown command "list" for "dispatch"\n\nDid you mean this?\n\tdelete\n\tget\n\nRun \'dispatch --help\' for usage.\n',
  )
  const { code, stdout, stderr } = await stage.dispatch(['get', 'imags'])
  t.deepEqual([code, stdout], [1, ''])
  t.regex(stderr, /^Error: unknown command "imags" for "dispatch get"\n\nDid you mean this\?\n\timage\n/)
})

for (const line of ['update functoin f', 'iam update x', 'apply sed', 'create functoin'])
  test(`words that are no command are an error where a file is missing: dispatch ${line}`, async t => {
    const stage = await createStage(t)
    const { code, stdout, stderr } = await stage.dispatch(line.split(' '))
    t.deepEqual([code, stdout, stage.asked.length], [1, '', 0])
    t.regex(stderr, /^Error: unknown command "\w+" for "dispatch (iam )?\w+"\n/)
  })

test('surplus words beside a file are ignored', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  stage.write('a.yaml', 'kind: Secret\nname: s\n')
  t.is((await stage.dispatch(['update', '-f', 'a.yaml', 'x', 'y'])).stdout, 'Updated Secret: s\n')
})

test('a person sees the error again below the usage', async t => {
  const stage = await createStage(t)
  const { stderr } = await stage.dispatch(['get', 'images', '--zzz'], { stderrIsTerminal: true })
  t.regex(stderr, /^Error: unknown flag: --zzz\nUsage:\n.*\n\nError: unknown flag: --zzz\n$/s)
})

for (const line of [
  '',
  'help',
  'create',
  'update',
  'create function --help',
  'help create function',
  'get -h',
  'create x -h',
])
  test(`help goes to stdout with exit code 0: dispatch ${line}`, async t => {
    const stage = await createStage(t)
    const words = line.split(' ').filter(Boolean)
    const { code, stdout, stderr } = await stage.dispatch(words, { env: { DISPATCH_CONFIG: 'missing.json' } })
    t.deepEqual([code, stderr], [0, ''])
    t.regex(stdout, /^\S.*\n\nUsage:\n {2}dispatch/)
  })

const baseImageHelp = `\
Create a base image: a Docker image that knows how to run functions of one language.

With --from-file the Docker image comes from an archive, as "docker save" writes it, and no registry is asked. IMAGE_URL may
then be left out, unless the archive holds several images.

Usage:
  dispatch create base-image IMAGE_NAME IMAGE_URL [flags]

Aliases:
  base-image, base-images

Examples:
  dispatch create base-image python3-base dispatchframework/python3-base:0.0.13 --language python3
  dispatch create base-image java-base --from-file java.tar --language java

Flags:
      --from-file ARCHIVE       archive of the Docker image (.tar or .tar.gz) to load
  -h, --help                    help for this command
      --language LANGUAGE       language of its functions, e.g. python3 or nodejs
      --pull-secret SECRET      secret with the keys username and password, for the registry of the image
      --wait                    return when it is READY; fail when it ends in ERROR
      --wait-timeout DURATION   how long --wait waits for all of it, 0 = forever (default 2m)

`

test('help of a command: description, usage, aliases, examples, flags, global flags', async t => {
  const stage = await createStage(t)
  const [own = '', globals = ''] = (await stage.dispatch(['create', 'base-image', '--help'])).stdout.split(
    'Global Flags:',
  )
  t.is(own, baseImageHelp)
  t.regex(
    globals,
    /^ {2}-o, --output FORMAT {14}json or yaml instead of a table; name for names alone; wide for a table with more columns$/m,
  )
})

test('an unknown help topic keeps its exit code 0', async t => {
  const stage = await createStage(t)
  const { code, stdout, stderr } = await stage.dispatch(['help', 'nosuch'])
  t.deepEqual([code, stdout], [0, ''])
  t.regex(stderr, /^Unknown help topic \[`nosuch`\]\nUsage:\n/)
})

test('flags may stand anywhere; -- ends them', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  for (const line of [
    '-o json get images',
    'get -o json images',
    'get images -ojson',
    'get images -o=json',
    'get images --json',
  ])
    t.is((await stage.dispatch(line.split(' '))).stdout, '[]\n', line)
  await stage.dispatch(['get', 'images', '--', '-x'])
  t.is(stage.asked.at(-1)?.url, '/v1/image/-x')
})

test('singular and plural name the same command; surplus arguments of some are ignored', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  for (const line of ['get function f', 'get functions f', 'delete functions f', 'version x y', '-o json --version'])
    t.is((await stage.dispatch(line.split(' '))).code, 0, line)
})

test('an empty name and an unknown format are refused without a request', async t => {
  const stage = await createStage(t)
  t.is((await stage.dispatch(['get', 'image', ''])).stderr, 'a name must not be empty\n')
  t.is((await stage.dispatch(['exec', ''])).stderr, 'a name must not be empty\n')
  const format = await stage.dispatch(['get', 'images', '-o', 'myjson'])
  t.deepEqual(format, { code: 1, stdout: '', stderr: 'invalid format option [yaml|json]\n' })
  t.is(stage.asked.length, 0)
})
