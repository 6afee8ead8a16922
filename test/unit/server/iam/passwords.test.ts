/** How passwords are kept, and which are refused. */
import { argon2Sync } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { findWeakness } from '../../../../server/iam/password-rules.ts'
import { createPasswords, hashParameters } from '../../../../server/iam/passwords.ts'

const cheap = { memoryKibibytes: 64, passes: 1, lanes: 1 }

test('what is kept is argon2id by the parameters of RFC 9106, in the form that other programs read', async t => {
  const kept = await createPasswords().hash('winter is coming')
  const [, salt = '', hash = ''] = /^\$argon2id\$v=19\$m=65536,t=3,p=4\$([\w+/]{22})\$([\w+/]{43})$/.exec(kept) ?? []
  const sizes = { memory: 65536, passes: 3, parallelism: 4, tagLength: 32 }
  const nonce = Buffer.from(salt, 'base64')
  const made = argon2Sync('argon2id', { message: 'winter is coming', nonce, ...sizes })
  t.is(made.toString('base64').replace('=', ''), hash)
  t.deepEqual(hashParameters, { memoryKibibytes: 65536, passes: 3, lanes: 4 })
})

test('only the password itself is right, however its letters were typed', async t => {
  const passwords = createPasswords(cheap)
  const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  const property = fc.asyncProperty(texts, texts, async (password, other) => {
    const hash = await passwords.hash(password)
    t.true(await passwords.verify(password, hash))
    t.true(await passwords.verify(password.normalize('NFD'), hash))
    if (other.normalize('NFKC') !== password.normalize('NFKC')) t.false(await passwords.verify(other, hash))
  })
  await fc.assert(property, { numRuns: 50 })
})

test('two users with one password have different hashes', async t => {
  const passwords = createPasswords(cheap)
  t.not(await passwords.hash('the same'), await passwords.hash('the same'))
})

test('where there is no password none is right', async t => {
  t.false(await createPasswords(cheap).verify('', undefined))
  t.false(await createPasswords(cheap).verify('password', undefined))
})

test('what was made by other parameters still counts, and is known to be old', async t => {
  const hash = await createPasswords({ ...cheap, memoryKibibytes: 128 }).hash('old')
  const passwords = createPasswords(cheap)
  t.true(await passwords.verify('old', hash))
  t.true(passwords.isOutdated(hash))
  t.false(passwords.isOutdated(await passwords.hash('new')))
})

test('a hash of another kind is told, not guessed at', async t => {
  await t.throwsAsync(createPasswords(cheap).verify('x', '$2b$10$abc'), { message: /has no form that is known here/ })
})

test('one is checked at a time, and only so many wait', async t => {
  const passwords = createPasswords(cheap)
  const hash = await passwords.hash('x')
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.verify('x', hash)))
  t.is(results.filter(({ status }) => status === 'fulfilled').length, 65)
  const [refused] = results.filter(each => each.status === 'rejected')
  t.like(refused?.reason, { httpStatus: 429, entry: 'BUSY' })
  t.true(await passwords.verify('x', hash))
})

for (const [password, user, weakness] of [
  ['winter is not coming yet', 'jon', undefined],
  ['short', 'jon', 'it has fewer than 12 characters'],
  ['a'.repeat(300), 'jon', 'it has more than 256 characters'],
  ['abababababababab', 'jon', 'it has fewer than 5 different characters'],
  ['PasswordPassword123!', 'jon', 'it is one of those that are tried first'],
  ['monkey123456!', 'jon', 'it is one of those that are tried first'],
  ['LeaveMeAlone', 'jon', 'it is one of those that are tried first'],
  ['trustno1trustno1', 'jon', 'it is one of those that are tried first'],
  ['Trustno1 Trustno1 2026', 'jon', 'it is one of those that are tried first'],
  ['abcdefghijkl', 'jon', 'it is one of those that are tried first'],
  ['lkjihgfedcba', 'jon', 'it is one of those that are tried first'],
  ['0123456789ab', 'jon', 'it is one of those that are tried first'],
  ['1234567890123', 'jon', 'it is one of those that are tried first'],
  ['xyz0123456789', 'jon', 'it is one of those that are tried first'],
  ['abcdefghijkl-2026!', 'jon', 'it is one of those that are tried first'],
  ['qwertyuiopas', 'jon', 'it is one of those that are tried first'],
  ['dispatchdispatch', 'jon', 'it is one of those that are tried first'],
  ['Dispatch Solo 2026', 'jon', 'it is one of those that are tried first'],
  ['dispatch-appliance!', 'jon', 'it is one of those that are tried first'],
  ['changeme12345', 'jon', 'it is one of those that are tried first'],
  // Random digits, and words that only begin like those.
  ['4839201748392', 'jon', undefined],
  ['dispatch the ravens at dawn', 'jon', undefined],
  ['abc of the old gods', 'jon', undefined],
  ['пароль, который никто не знает', 'jon', undefined],
  ['jonsnow knows nothing', 'JonSnow@example.com', 'the name of its user is in it'],
  // A name of two or three letters is in many words.
  ['jon knows nothing of it', 'jon', undefined],
  ['🐺🐺🐺🐺🐺🐺', 'jon', 'it has fewer than 12 characters'],
] as const)
  test(`${password.slice(0, 30)} of ${user}: ${weakness ?? 'is fine'}`, t =>
    t.is(findWeakness(password, user), weakness))
