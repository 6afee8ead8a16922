/** Owns `iam set-password`: one's own, for which the present one is asked, or that of a user. */
import { atMost, defineCommand, type Invocation } from '../command.ts'
import { Failure } from '../failure.ts'
import { objectOf } from '../format/json.ts'
import { loadNewPassword, passwordFlags } from '../password.ts'
import { credentials } from '../resources.ts'

/** Who has come in another way is told so before anything is asked. */
async function requireLogin({ session }: Invocation): Promise<void> {
  const { token, serviceAccount, socket } = await session.settings()
  if (token === '' && serviceAccount === '' && (socket?.isDefault ?? true)) return
  throw new Failure(
    'only who has logged in has a password of their own: dispatch login --user NAME; that of a user is set by dispatch iam set-password NAME',
  )
}

async function setOwn(invocation: Invocation): Promise<void> {
  await requireLogin(invocation)
  const [currentPassword = '', password = ''] = await loadNewPassword(invocation, [
    'Present password: ',
    'New password: ',
  ])
  const client = await invocation.session.client()
  await client.request({ method: 'POST', path: ['v1', 'iam', 'password'], body: { currentPassword, password } })
}

/** Whatever else is known of the user stays. */
async function setThatOf(invocation: Invocation, name: string): Promise<void> {
  const [password = ''] = await loadNewPassword(invocation, [`New password of ${name}: `])
  const client = await invocation.session.client()
  const path = [...credentials.user.path, name]
  const { tags = null } = objectOf(await client.request({ method: 'GET', path }))
  await client.request({ method: 'PUT', path, body: { name, password, tags } })
}

export const command = defineCommand({
  usage: '[USER_NAME]',
  description:
    'Set a password: without a name your own, for which the present one is asked first; with a name that of a user, which takes a policy that is global. All sessions of the user end, so that it has to log in again.',
  examples: ['dispatch iam set-password', 'dispatch iam set-password jon'],
  arity: atMost(1),
  completes: ['User'],
  flags: passwordFlags,
  async run(invocation) {
    const name = invocation.args[0]
    await (name === undefined ? setOwn(invocation) : setThatOf(invocation, name))
    const ended = 'Set the password. All your sessions have ended: log in again by dispatch login'
    invocation.session.report(name === undefined ? ended : `Set the password of ${name}`)
    return 0
  },
})
