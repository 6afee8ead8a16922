/** The built set-up page as its own process: it shows the certificate of its files, and ends without taking an answer away. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { type FakeAgent, startFakeAgent } from '../../helpers/fake-agent.ts'
import { cleanEnv, findFreePort } from '../../helpers/live-server.ts'
import { filled, hiddenOf } from '../../helpers/setup-browser.ts'
import { makePair, openTlsStage, shownBy } from '../../helpers/tls-stage.ts'
import { until } from '../../helpers/wait.ts'
import { repository } from '../../unit/docs/pages.ts'

interface Stage {
  readonly agent: FakeAgent
  readonly child: ChildProcess
  readonly port: number
  write(name: string): Promise<void>
}

async function startStage(t: ExecutionContext): Promise<Stage> {
  const agent = await startFakeAgent(t)
  const { directory, fileOf } = await openTlsStage(t)
  const write = async (name: string) => {
    const { cert, key } = await makePair(name)
    await writeFile(fileOf('key.pem'), key)
    await writeFile(fileOf('certificate.pem'), cert)
  }
  await write('first.example')
  const port = await findFreePort()
  const child = spawn(process.execPath, [join(repository, 'dist/dispatch-setup.cjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...{ ...cleanEnv, DISPATCH_SETUP_TLS: directory, DISPATCH_SETUP_SOCKET: agent.socketPath },
      ...{ DISPATCH_SETUP_HOST: '127.0.0.1', DISPATCH_SETUP_PORT: String(port) },
    },
  })
  t.teardown(() => child.kill('SIGKILL'))
  await until('it listens', () => shownBy(port).then(Boolean, () => false))
  return { agent, child, port, write }
}

async function send(port: number, form?: Readonly<Record<string, string>>, cookie = '') {
  const type = 'application/x-www-form-urlencoded'
  const asking = request({
    ...{ host: '127.0.0.1', port, path: '/', method: form ? 'POST' : 'GET', agent: false, rejectUnauthorized: false },
    headers: { cookie, ...(form && { 'content-type': type }) },
  })
  asking.end(form && new URLSearchParams(form).toString())
  const [answer] = await once(asking, 'response')
  const set = String(answer.headers['set-cookie'] ?? '').split(';')[0]
  return { status: answer.statusCode, html: await text(answer), cookie: set || cookie }
}

test('it claims, and a stop in the middle waits for the last page', async t => {
  const { agent, child, port } = await startStage(t)
  const go = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const { claim } = agent
  agent.claim = async values => {
    begun.resolve()
    await go.promise
    return claim(values)
  }
  const { html, cookie } = await send(port)
  const token = hiddenOf(html, 'token')
  const review = await send(port, { ...filled, token, step: 'review' }, cookie)
  const done = send(port, { token, step: 'claim', draft: hiddenOf(review.html, 'draft') }, cookie)
  await begun.promise
  child.kill('SIGTERM')
  await until('nothing new is taken', () =>
    send(port).then(
      () => false,
      () => true,
    ),
  )
  go.resolve()
  const { status, html: last } = await done
  t.is(status, 200)
  t.regex(last, /The machine is yours[\s\S]*<\/html>/)
  const [exitCode] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  t.is(exitCode, 0)
})

test('another certificate in its files is shown without a restart', async t => {
  const { port, write } = await startStage(t)
  t.is(await shownBy(port), 'first.example')
  await write('second.example')
  await until('the other one is shown', async () => (await shownBy(port)) === 'second.example')
  t.pass()
})

test('without a certificate it does not start, and says why', async t => {
  const { directory } = await openTlsStage(t)
  const env = { ...cleanEnv, DISPATCH_SETUP_TLS: directory, DISPATCH_SETUP_SOCKET: join(directory, 'none') }
  const child = spawn(process.execPath, [join(repository, 'dist/dispatch-setup.cjs')], { env })
  const [told, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  t.is(exitCode, 1)
  t.regex(told, /^TLS: .*certificate\.pem/)
})
