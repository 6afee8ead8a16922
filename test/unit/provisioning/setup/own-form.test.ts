/** Only a form that this page gave to this browser counts. */
import test from 'ava'
import { createToken, isOwnForm, readToken, renderCookie } from '../../../../provisioning/setup/own-form.ts'

const token = createToken()
const cookie = `other=1; __Host-dispatch-setup=${token}`
const host = '10.0.0.5'

test('the cookie goes to this host alone, over TLS, and no script and no other site gets at it', t => {
  const [pair, ...terms] = renderCookie(token).split('; ')
  t.is(pair, `__Host-dispatch-setup=${token}`)
  t.deepEqual(terms, ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'])
  t.is(readToken({ cookie }), token)
  t.is(readToken({ cookie: '__Host-dispatch-setup=<script>' }), '')
  t.is(readToken({}), '')
})

const cases: [string, Parameters<typeof isOwnForm>, boolean][] = [
  ['own page', [{ cookie, host, 'sec-fetch-site': 'same-origin', origin: 'null' }, token], true],
  ['own page of an older browser', [{ cookie, host, origin: 'https://10.0.0.5' }, token], true],
  ['no browser', [{ cookie, host }, token], true],
  ['another site', [{ cookie, host, 'sec-fetch-site': 'cross-site' }, token], false],
  ['a neighbour of the same site', [{ cookie, host, 'sec-fetch-site': 'same-site' }, token], false],
  ['typed in, which no form is', [{ cookie, host, 'sec-fetch-site': 'none' }, token], false],
  ['another origin', [{ cookie, host, origin: 'https://evil.example' }, token], false],
  ['the same host without TLS', [{ cookie, host, origin: 'http://10.0.0.5' }, token], false],
  ['no cookie', [{ host, 'sec-fetch-site': 'same-origin' }, token], false],
  ['another token', [{ cookie, host, 'sec-fetch-site': 'same-origin' }, createToken()], false],
  ['no token', [{ cookie, host, 'sec-fetch-site': 'same-origin' }, ''], false],
]
for (const [name, asked, isOwn] of cases)
  test(`${name}: ${isOwn ? 'taken' : 'refused'}`, t => {
    t.is(isOwnForm(...asked), isOwn)
  })
