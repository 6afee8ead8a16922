import test from 'ava'
import { readCredential } from '../../../../../server/iam/authenticate/credentials.ts'

const cases: [string, { authorization?: string; cookie?: string }, string | undefined][] = [
  ['a bearer token', { authorization: 'Bearer abc' }, 'abc'],
  ['the word bearer in any case, and blanks', { authorization: 'bEARER   abc  ' }, 'abc'],
  ['a token alone as the cookie', { cookie: 'dss_abc' }, 'dss_abc'],
  ['a cookie of a browser', { cookie: 'theme=dark; dispatch=dss_abc; x=y' }, 'dss_abc'],
  ['Authorization before the cookie', { authorization: 'Bearer abc', cookie: 'dst_x' }, 'abc'],
  ['no token in the cookie', { cookie: 'cookie' }, undefined],
  ['no token in any cookie', { cookie: 'a=b; c' }, undefined],
  ['nothing', {}, undefined],
]

for (const [title, { authorization = '', cookie = '' }, expected] of cases) {
  test(`reads ${title}`, t => {
    t.is(readCredential({ authorization, cookie }), expected)
  })
}

for (const authorization of ['abc', 'Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', ' ']) {
  test(`refuses ${JSON.stringify(authorization)}`, t => {
    t.throws(() => readCredential({ authorization, cookie: 'dst_x' }), {
      message: "invalid Authorization header, it must be of form 'Authorization: Bearer <token>'",
    })
  })
}
