/** What Docker's client throws becomes a message that says what to do. */
import test from 'ava'
import { createDockerEngine } from '../../../../server/docker/engine.ts'
import { dockerFailure } from '../../../../server/docker/failure.ts'

const messageFor = (thrown: unknown) => dockerFailure('create the container c', 'unix:///d.sock', thrown).message

test('Docker that is not running is named with what to do', async t => {
  const docker = createDockerEngine({ env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, rulesImages: [] })
  await t.throwsAsync(docker.version(), {
    message: /^Docker at unix:\/\/\/nowhere\/docker.sock is not running: start it \(systemctl start docker\)/,
  })
})

test('a socket that may not be opened is named with what to do', t => {
  t.regex(
    messageFor(Object.assign(new Error('x'), { code: 'EACCES' })),
    /does not let this user in: add the user to the group/,
  )
})

test("Docker's own reason is kept", t => {
  const thrown = Object.assign(new Error('wrapped'), { statusCode: 409, json: { message: 'name in use\n' } })
  t.is(messageFor(thrown), 'Docker could not create the container c: name in use')
  const bare = new Error('no space left on device ')
  t.is(messageFor(bare), 'Docker could not create the container c: no space left on device')
  t.is(messageFor('odd'), 'Docker could not create the container c: odd')
})
