/** Nothing comes of a login once its user is gone or has another password, whatever was under way at that moment. */
import test from 'ava'
import { createStands } from '../../../../server/iam/basis.ts'
import { createLockout } from '../../../../server/iam/lockout.ts'
import { createPasswordLogin } from '../../../../server/iam/password-login.ts'
import { createPasswords } from '../../../../server/iam/passwords.ts'
import type { Session } from '../../../../server/iam/session-schema.ts'
import { createSessions } from '../../../../server/iam/sessions.ts'
import type { User } from '../../../../server/iam/user-schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Collection } from '../../../../server/store/port.ts'
import { createIds } from '../../../../server/system.ts'

const passwords = createPasswords({ memoryKibibytes: 64, passes: 1, lanes: 1 })
const attempt = { user: 'jon', password: 'winter is not coming yet', address: '10.0.0.1', note: () => undefined }
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const times = { createdTimeSeconds: 0, modifiedTimeSeconds: 0 }

/** `meanwhile` happens after the user was read, before the password is known to be right. */
async function createStage(meanwhile: (users: Collection<User>) => Promise<unknown>) {
  const store = createMemoryStore()
  const users = store.collection<User>('User')
  const common = { id: 'one', org: '', name: 'jon', revision: 0, status: 'READY', reason: null, tags: null } as const
  const create = async () => users.create({ ...common, ...times, ...(await passwords.make(attempt.password)) })
  await create()
  const verify: typeof passwords.verify = async (...asked) => {
    await meanwhile(users)
    return passwords.verify(...asked)
  }
  const nowMs = () => 1_800_000_000_000
  const deps = { sessions: store.collection<Session>('Session'), ids: createIds(), nowMs, log }
  const sessions = createSessions({ ...deps, stands: createStands(name => users.get('', name)) })
  const logIn = createPasswordLogin({ users, passwords: { ...passwords, verify }, lockout: createLockout(nowMs) })
  return { users, create, sessions, logIn }
}
const change = async (users: Collection<User>) => {
  const held = await users.get('', 'jon')
  if (held) await users.update({ ...held, ...(await passwords.make('the north remembers')) })
}

for (const [title, meanwhile] of [
  ['gets another password', change],
  ['is removed', (users: Collection<User>) => users.remove('', 'jon')],
] as const)
  test(`who logs in by the former password while the user ${title} gets no session`, async t => {
    const { sessions, logIn } = await createStage(meanwhile)
    const who = await logIn(attempt)
    await t.throwsAsync(sessions.open({ ...who, address: '' }), { message: /^the user or the password is wrong: / })
    t.deepEqual(sessions.listOf('jon'), [])
  })

test('a session ends with the password, and does not come back with a user of the same name and password', async t => {
  const { users, create, sessions, logIn } = await createStage(async () => undefined)
  const open = async () => sessions.open({ ...(await logIn(attempt)), address: '' })
  const { token } = await open()
  t.truthy(await sessions.find(token))
  await users.remove('', 'jon')
  await create()
  t.is(await sessions.find(token), undefined)
  const { token: second } = await open()
  t.truthy(await sessions.find(second))
  await change(users)
  t.is(await sessions.find(second), undefined)
})

test('an issuer vouches for users who are not known here', async t => {
  const { users, sessions } = await createStage(async () => undefined)
  const { token } = await sessions.open({ user: 'jon', method: 'oidc', address: '' })
  await change(users)
  await users.remove('', 'jon')
  t.truthy(await sessions.find(token))
})
