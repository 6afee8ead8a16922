/** The limits of a function at the command line: flags, documents, and what is shown. */
import test from 'ava'
import { createStage } from './stage.ts'

const create = ['create', 'function', 'f', 'a.py', '--image', 'python3']
const flags = ['--memory', '64', '--cpu', '0.5', '--concurrency', '3', '--network', 'none']
const limitsPart = '"memory":64,"cpu":0.5,"concurrency":3,"network":"none"'

test('flags become fields; without them nothing is sent', async t => {
  const stage = await createStage(t, () => ({ status: 201, body: { name: 'f' } }))
  stage.write('a.py', 'x = 1\n')
  t.is((await stage.dispatch([...create, ...flags])).stderr, '')
  t.is((await stage.dispatch(create)).stderr, '')
  const [limited = '', plain = ''] = stage.asked.map(({ body }) => body)
  t.true(limited.includes(`"services":[],${limitsPart},"tags":[]`), limited)
  t.true(plain.includes('"services":[],"tags":[]'), plain)
})

test('help says what they mean', async t => {
  const stage = await createStage(t)
  const { stdout } = await stage.dispatch(['create', 'function', '--help'])
  t.regex(stdout, /^ {6}--memory MIB {2,}memory of the function in MiB, at least 16$/m)
  t.regex(stdout, /^ {6}--cpu CORES {2,}share of the cores, e\.g\. 0\.5$/m)
  t.regex(stdout, /^ {6}--concurrency N {2,}calls answered at the same time, at most 1000$/m)
  t.regex(stdout, /^ {6}--network KIND {2,}egress: .*; none: nowhere$/m)
})

test('a share of the cores that is no number is a usage error', async t => {
  const stage = await createStage(t)
  for (const text of ['half', '-1', '1e3', '']) {
    const { code, stderr } = await stage.dispatch([...create, `--cpu=${text}`])
    t.is(code, 1)
    t.true(
      stderr.startsWith(
        `Error: invalid argument ${JSON.stringify(text)} for "--cpu" flag: strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax\n`,
      ),
      stderr,
    )
  }
})

test('documents may say them, in YAML as well as in JSON', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  const head = 'kind: Function\nname: f\nimage: python3\nsourcePath: a.py\n'
  stage.write('a.py', 'x = 1\n')
  stage.write('f.yaml', `${head}Memory: 64\ncpu: 0.5\nconcurrency: 3\nnetwork: none\n`)
  t.is((await stage.dispatch(['create', '-f', 'f.yaml'])).stderr, '')
  t.true(stage.asked[0]?.body.includes(limitsPart), stage.asked[0]?.body)
  stage.write('bad.yaml', `${head}cpu: half\n`)
  t.is(
    (await stage.dispatch(['create', '-f', 'bad.yaml'])).stderr,
    'bad.yaml: document 1, line 5: cpu must be a number\n',
  )
  stage.write('bad.yaml', `${head}memory: 1.5\n`)
  t.regex((await stage.dispatch(['create', '-f', 'bad.yaml'])).stderr, /line 5: memory must be a whole number\n$/)
})

const known = { name: 'f', image: 'python3', handler: '', reason: null, secrets: null, services: null, tags: [] }

test('they are shown where they are set, and leave no trace where they are not', async t => {
  const limited = { ...known, memory: 64, cpu: 0.5, concurrency: 3, network: 'none' }
  const stage = await createStage(
    t,
    [limited, known, limited, known].map(body => ({ status: 200, body })),
  )
  const get = async (form: string) => (await stage.dispatch(['get', 'function', 'f', '-o', form])).stdout
  t.regex(await get('json'), /"memory": 64,\n\s+"cpu": 0\.5,\n\s+"concurrency": 3,\n\s+"network": "none"/)
  t.notRegex(await get('json'), /memory|cpu|concurrency|network/)
  t.regex(await get('yaml'), /^memory: 64\ncpu: 0\.5\nconcurrency: 3\nnetwork: none$/m)
  t.notRegex(await get('yaml'), /memory|cpu|concurrency|network/)
})
