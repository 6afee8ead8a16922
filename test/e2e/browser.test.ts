/** A real browser calls functions from a page of another site: CORS, streams and server-sent events are as browsers have them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import testAny, { type ExecutionContext, type TestFn } from 'ava'
import { type OpenBrowser, type OpenPage, openBrowser } from '../helpers/chromium.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const test = testAny as TestFn<{ server: LiveServer; browser: OpenBrowser }>

const functions: Record<string, string> = {
  echo: 'module.exports = ({ httpContext }, payload) => ({ payload, asked: httpContext.headers["x-asked"] })',
  // Its calls share /tmp: one of them lets the other go on.
  stages: `const { existsSync, writeFileSync } = require('node:fs')
module.exports = async function* (context, { go }) {
  if (go) return writeFileSync('/tmp/go', '')
  yield 'first'
  while (!existsSync('/tmp/go')) await new Promise(resolve => setTimeout(resolve, 20))
  yield 'second'
}`,
  ticks: `module.exports = async function* () {
  try {
    yield { event: 'hello', data: 'zürich\\nline 2' }
    for (let n = 0; ; n += 1) {
      yield { n }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  } finally {
    console.log('closed')
  }
}`,
}
const apis = [
  ['open', 'echo', '--cors'],
  ['shut', 'echo'],
  ['stages', 'stages', '--cors', '--response', 'stream'],
  ['ticks', 'ticks', '--cors', '--response', 'events'],
]

test.before(async t => {
  const server = await startLiveServer()
  t.context = { server, browser: await openBrowser() }
  const cli = async (...args: string[]) => {
    const { code, stderr } = await server.cli(...args)
    t.is(code, 0, stderr)
  }
  await server.cli('create', 'seed-images')
  await until('nodejs is READY', async () => (await server.cli('get', 'image', 'nodejs')).stdout.includes('READY'))
  for (const [name, code] of Object.entries(functions)) {
    const file = join(server.directory, `${name}.js`)
    await writeFile(file, code)
    await cli('create', 'function', name, file, '--image', 'nodejs', '--wait')
  }
  for (const [name = '', ...rest] of apis)
    await cli('create', 'api', name, ...rest, '--path', `/${name}`, '--method', 'GET,PUT', '--wait')
})

test.after.always(async t => {
  await t.context.browser?.close()
  await t.context.server?.stop()
})

const openPage = async (t: ExecutionContext<{ server: LiveServer; browser: OpenBrowser }>): Promise<OpenPage> => {
  const page = await t.context.browser.openPage()
  t.teardown(page.leave)
  return page
}

test('a page of another site calls an API with CORS, its preflight included; one without is kept from it', async t => {
  const page = await openPage(t)
  const put = (name: string) => `
    const headers = { 'content-type': 'application/json', 'x-asked': 'by a page' }
    const answer = await fetch('${t.context.server.gatewayUrl}/dispatch/${name}', { method: 'PUT', headers, body: '[1]' })
    return { status: answer.status, body: await answer.json() }`
  t.deepEqual(await page.run(put('open')), { status: 200, body: { payload: [1], asked: 'by a page' } })
  await t.throwsAsync(page.run(put('shut')), { message: /Failed to fetch/ })
})

test('a page reads a stream while its function is at work', async t => {
  const page = await openPage(t)
  const url = `${t.context.server.gatewayUrl}/dispatch/stages`
  const pieces = await page.run(`
    const reader = (await fetch('${url}')).body.pipeThrough(new TextDecoderStream()).getReader()
    const first = await reader.read()
    await fetch('${url}?go=1')
    const second = await reader.read()
    const { done } = await reader.read()
    return [first.value, second.value, done]`)
  t.deepEqual(pieces, ['first', 'second', true])
})

test('an EventSource gets events by their names; when its page is left the function ends', async t => {
  const page = await openPage(t)
  const { server } = t.context
  const got = await page.run(`
    const source = new EventSource('${server.gatewayUrl}/dispatch/ticks')
    const got = []
    source.addEventListener('hello', ({ data }) => got.push(data))
    await new Promise((resolve, reject) => {
      source.onerror = () => reject(new Error('the stream broke'))
      source.onmessage = ({ data }) => got.push(JSON.parse(data).n) > 3 && resolve()
    })
    return got`)
  t.deepEqual(got, ['zürich\nline 2', 0, 1, 2])
  await page.leave()
  await until('its run has ended', async () => (await server.cli('get', 'runs', 'ticks')).stdout.includes('READY'))
  const [run] = JSON.parse((await server.cli('get', 'runs', 'ticks', '-o', 'json')).stdout)
  t.deepEqual(run.logs.stdout, ['closed'])
  t.deepEqual(run.output.slice(1, 3), [{ n: 0 }, { n: 1 }])
})
