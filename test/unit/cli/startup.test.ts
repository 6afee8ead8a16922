/** Short commands load little: what a command alone needs is loaded by that command. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'

const cli = new URL('../../../cli/', import.meta.url)

/** Runs the command in a process that writes down what it loads. */
async function loadedBy(words: readonly string[], port = 1): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    Object.defineProperty(process, 'stdin', {
      get: () => (new Error().stack.includes('main.ts') && loaded.push('standard input'), {}),
    })
    const nodesOwn = () => process.moduleLoadList.map(module => module.replace('NativeModule ', 'node:'))
    process.on('exit', () => process.stderr.write(JSON.stringify([...loaded, ...nodesOwn()])))
    process.argv = [process.argv[0], '', ...${JSON.stringify(words)}]
    await import(${JSON.stringify(new URL('main.ts', cli).href)})`
  const env = { HOME: '/nonexistent', DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(port), DISPATCH_SCHEME: 'http' }
  const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env }).catch(
    error => error,
  )
  return JSON.parse(/\[.*\]$/s.exec(ended.stderr)?.[0] ?? '[]')
}

async function filesLoadedBy(words: readonly string[]): Promise<string[]> {
  const loaded = await loadedBy(words)
  return loaded.filter(url => url.startsWith('file:')).map(url => fileURLToPath(url).replace(fileURLToPath(cli), ''))
}

const heavy = /node_modules\/(yaml|tar-stream)|^(documents|completion|reference|source)\//

for (const words of [['version'], ['get', 'functions'], ['exec', 'f']])
  test(`dispatch ${words.join(' ')} loads neither YAML nor archives nor documents, and one command`, async t => {
    const loaded = await filesLoadedBy(words)
    t.true(loaded.includes('run.ts'), loaded.join('\n'))
    t.deepEqual(
      loaded.filter(path => heavy.test(path)),
      [],
    )
    t.is(loaded.filter(path => path.startsWith('commands/')).length, 1, loaded.join('\n'))
  })

test('to ask a server of this machine takes neither an HTTP client nor a look at standard input', async t => {
  const server = createServer((_, response) => response.end('[]'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const usual = await loadedBy(['get', 'functions'], port)
  t.true(usual.includes('node:net'))
  for (const heavy of ['node:http', 'standard input']) t.false(usual.includes(heavy), heavy)
  t.true((await loadedBy(['get', 'functions'])).includes('node:http'), 'a server that is not there is asked again')
})

test('a command that needs them loads them', async t => {
  const loaded = await filesLoadedBy(['apply', '-f', 'x.yaml'])
  t.true(loaded.some(path => heavy.test(path)))
})
