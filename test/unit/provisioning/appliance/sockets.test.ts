import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { refuse } from '../../../../provisioning/appliance/refusal.ts'
import { listenAt, type Routes } from '../../../../provisioning/appliance/sockets.ts'

async function listen(t: ExecutionContext, routes: Routes) {
  const folder = await mkdtemp(join(tmpdir(), 'sockets-'))
  const path = join(folder, 'a.sock')
  const errors: unknown[] = []
  const server = await listenAt({ path, groupId: userInfo().gid }, routes, thrown => void errors.push(thrown))
  t.teardown(async () => {
    server.close()
    await rm(folder, { recursive: true })
  })
  /** As it is written: clients of libraries would mend it. */
  const send = (first: string, body = '') => {
    const socket = connect(path)
    socket.end(`${first} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    return text(socket)
  }
  return { path, errors, send }
}

test('a socket is for its group, and answers by method and path', async t => {
  const { path, send } = await listen(t, { 'POST /v1/echo': async body => body })
  t.is((await stat(path)).mode & 0o777, 0o660)
  t.regex(await send('POST /v1/echo?why=not', '{"a":1}'), /^HTTP\/1\.1 200 [\s\S]*\{"a":1\}$/)
  t.regex(await send('GET /v1/echo'), /^HTTP\/1\.1 404 /)
})

test('what is no address is not found, and the next one is answered', async t => {
  const { send } = await listen(t, { 'GET /v1/status': async () => ({}) })
  for (const path of ['//', '//[', '/\\', '*']) t.regex(await send(`GET ${path}`), /^HTTP\/1\.1 404 /)
  t.regex(await send('GET /v1/status'), /^HTTP\/1\.1 200 /)
})

test('refusals have their status, and of what fails only the journal hears the cause', async t => {
  const { send, errors } = await listen(t, {
    'POST /v1/claim': () => Promise.reject(refuse('claimed', 'too late')),
    'POST /v1/fail': () => Promise.reject(new Error('a password is winter')),
  })
  t.regex(await send('POST /v1/claim'), /^HTTP\/1\.1 409 [\s\S]*too late/)
  t.regex(await send('POST /v1/claim', 'no JSON'), /^HTTP\/1\.1 400 /)
  const failed = await send('POST /v1/fail')
  t.regex(failed, /^HTTP\/1\.1 500 /)
  t.notRegex(failed, /winter/)
  t.is(errors.length, 1)
})

test('who sends too much is told so, having sent all of it', async t => {
  const { send } = await listen(t, { 'POST /v1/check': async body => body })
  t.regex(await send('POST /v1/check', 'x'.repeat(16 * 1024 * 1024)), /^HTTP\/1\.1 400 [\s\S]*more than \d+ bytes/)
})
