/** What an authority asks is answered while something is ordered, and nobody is listened to before or after. */
import { createServer } from 'node:net'
import test from 'ava'
import { createChallenges } from '../../../../../server/http/tls/challenges.ts'
import { listen, portOf } from '../../../../helpers/listen.ts'

const host = '127.0.0.1'

async function freePort(): Promise<number> {
  const server = createServer()
  await listen(server, 0)
  const port = portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

test('it listens before the work begins, until it has ended, however it ends', async t => {
  const port = await freePort()
  const challenges = createChallenges({ host, port })
  const ask = (token: string) =>
    fetch(`http://${host}:${port}/.well-known/acme-challenge/${token}`).then(async it => [it.status, await it.text()])
  await t.throwsAsync(ask('t'))
  const answered = await challenges.during(async () => {
    const before = await ask('t')
    challenges.add('t', 'proof')
    const [known, unknown] = [await ask('t'), await ask('other')]
    challenges.remove('t')
    return [before[0], known, unknown[0], (await ask('t'))[0]]
  })
  t.deepEqual(answered, [404, [200, 'proof'], 404, 404])
  await t.throwsAsync(
    challenges.during(() => Promise.reject(new Error('refused'))),
    { message: 'refused' },
  )
  await t.throwsAsync(ask('t'))
})

test('a port that is taken ends it before anything is asked of the authority', async t => {
  const port = await freePort()
  const [first, second] = [createChallenges({ host, port }), createChallenges({ host, port })]
  let isBegun = false
  const work = async () => {
    isBegun = true
  }
  await first.during(async () => {
    await t.throwsAsync(second.during(work), { message: new RegExp(`^port ${port}, on which the authority asks: `) })
  })
  t.false(isBegun)
  await second.during(work)
  t.true(isBegun)
})

test('where the gateway answers, nothing else listens', async t => {
  t.is(await createChallenges({ host, port: undefined }).during(async () => 'done'), 'done')
})
